/**
 * Gaussian smoothing and second derivative by fourth-order recursion (Deriche 1993, INRIA RR-1893; Farnebäck and Westin
 * 2006) as in ITK's RecursiveGaussianImageFilter, whose constants and boundary rule these are.
 */
export interface RecursiveFilter {
  /** Causal taps on the samples n, n - 1, n - 2, n - 3. */
  n: readonly number[];
  /** Taps on the results before, of both passes. */
  d: readonly number[];
  /** Anticausal taps on the samples n + 1 to n + 4. */
  m: readonly number[];
  /** Steady response per unit of a constant signal: what the passes start from. */
  causalStart: number;
  anticausalStart: number;
}

const W1 = 0.6681;
const L1 = -1.3932;
const W2 = 2.0787;
const L2 = -1.3732;

/** A1, B1, A2, B2 by the order of the derivative. */
const SMOOTHING = [1.353, 1.8151, -0.3531, 0.0902] as const;
const SECOND_DERIVATIVE = [-1.3563, 5.2318, 0.3446, -2.2355] as const;

/** Smoothing with unit sum; `sigma` in samples. */
export function smoothingFilter(sigma: number): RecursiveFilter {
  const d = denominator(sigma);
  const n = numerator(SMOOTHING, sigma);
  const scale = (2 * moments(n).sum) / (1 + moments(d, 1).sum) - n[0];
  return complete(
    n.map((x) => x / scale),
    d,
  );
}

/** Second derivative per sample², times `scale`; `sigma` in samples. */
export function secondDerivativeFilter(sigma: number, scale: number): RecursiveFilter {
  const d = denominator(sigma);
  const n0 = numerator(SMOOTHING, sigma);
  const n2 = numerator(SECOND_DERIVATIVE, sigma);
  const dm = moments(d, 1);
  const sd = 1 + dm.sum;
  const beta = -(2 * moments(n2).sum - sd * n2[0]) / (2 * moments(n0).sum - sd * n0[0]);
  const n = n2.map((x, k) => x + beta * n0[k]);
  const nm = moments(n);
  const alpha =
    (nm.second * sd * sd - dm.second * nm.sum * sd - 2 * nm.first * dm.first * sd + 2 * dm.first * dm.first * nm.sum) /
    (sd * sd * sd);
  return complete(
    n.map((x) => (x * scale) / alpha),
    d,
  );
}

function numerator([a1, b1, a2, b2]: readonly number[], sigma: number): number[] {
  const { c1, s1, e1, c2, s2, e2 } = oscillations(sigma);
  return [
    a1 + a2,
    e2 * (b2 * s2 - (a2 + 2 * a1) * c2) + e1 * (b1 * s1 - (a1 + 2 * a2) * c1),
    2 * e1 * e2 * ((a1 + a2) * c1 * c2 - b1 * c2 * s1 - b2 * c1 * s2) + a2 * e1 * e1 + a1 * e2 * e2,
    e2 * e1 * e1 * (b2 * s2 - a2 * c2) + e1 * e2 * e2 * (b1 * s1 - a1 * c1),
  ];
}

function denominator(sigma: number): number[] {
  const { c1, e1, c2, e2 } = oscillations(sigma);
  return [
    -2 * (e2 * c2 + e1 * c1),
    4 * c2 * c1 * e1 * e2 + e1 * e1 + e2 * e2,
    -2 * c1 * e1 * e2 * e2 - 2 * c2 * e2 * e1 * e1,
    e1 * e1 * e2 * e2,
  ];
}

function oscillations(sigma: number) {
  return {
    c1: Math.cos(W1 / sigma),
    s1: Math.sin(W1 / sigma),
    e1: Math.exp(L1 / sigma),
    c2: Math.cos(W2 / sigma),
    s2: Math.sin(W2 / sigma),
    e2: Math.exp(L2 / sigma),
  };
}

/** Sums of c_k, k c_k and k² c_k, with k counted from `first`. */
function moments(taps: readonly number[], first = 0) {
  let [sum, linear, square] = [0, 0, 0];
  taps.forEach((tap, n) => {
    const k = n + first;
    sum += tap;
    linear += k * tap;
    square += k * k * tap;
  });
  return { sum, first: linear, second: square };
}

function complete(n: number[], d: number[]): RecursiveFilter {
  const m = [n[1] - d[0] * n[0], n[2] - d[1] * n[0], n[3] - d[2] * n[0], -d[3] * n[0]];
  const sd = 1 + moments(d).sum;
  return { n, d, m, causalStart: moments(n).sum / sd, anticausalStart: moments(m).sum / sd };
}
