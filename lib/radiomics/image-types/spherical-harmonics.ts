/** A complex number per point. */
export interface ComplexValues {
  re: Float64Array;
  im: Float64Array;
}

/**
 * Spherical harmonic of degree n and order m at the given angles, with the Condon-Shortley phase and normalised to 1 over
 * the sphere: sqrt((2n + 1) (n - m)! / (4 pi (n + m)!)) P_n^m(cos polar) exp(i m azimuth).
 */
export function sphericalHarmonic(
  n: number,
  m: number,
  azimuth: readonly number[],
  polar: readonly number[],
): ComplexValues {
  const order = Math.abs(m);
  const scale =
    Math.sqrt(((2 * n + 1) / (4 * Math.PI)) * factorialRatio(n, order)) * (m < 0 && order % 2 === 1 ? -1 : 1);
  const modulus = polar.map((angle) => scale * legendre(n, order, Math.cos(angle)));
  return {
    re: Float64Array.from(modulus, (r, p) => r * Math.cos(m * azimuth[p])),
    im: Float64Array.from(modulus, (r, p) => r * Math.sin(m * azimuth[p])),
  };
}

/** (n - m)! / (n + m)! */
function factorialRatio(n: number, m: number): number {
  let product = 1;
  for (let k = n - m + 1; k <= n + m; k++) product *= k;
  return 1 / product;
}

/** Associated Legendre function P_n^m(x), m >= 0, by its three-term recurrence. */
function legendre(n: number, m: number, x: number): number {
  let before = 0;
  let value = 1;
  for (let k = 1; k <= m; k++) value *= -(2 * k - 1) * Math.sqrt((1 - x) * (1 + x));
  for (let degree = m + 1; degree <= n; degree++) {
    const next = ((2 * degree - 1) * x * value - (degree + m - 1) * before) / (degree - m);
    before = value;
    value = next;
  }
  return value;
}
