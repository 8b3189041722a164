/** The pole of the inverse of the sampled cubic B-spline (1/6, 4/6, 1/6). */
const POLE = Math.sqrt(3) - 2;
/** Powers of the pole below this are zero. */
const SMALLEST_POWER = 1e-17;

/**
 * Turns samples into coefficients of an interpolating cubic B-spline, in place, along one axis of a grid: n samples,
 * `stride` numbers apart. Samples are mirrored about the first and last. Recursive filter after Unser, IEEE Signal
 * Process Mag 1999;16(6):22.
 */
export function splineCoefficients(data: Float64Array, n: number, stride: number): void {
  if (n < 2) return;
  const gain = (1 - POLE) * (1 - 1 / POLE);
  const start = startWeights(n);
  const blocks = data.length / (n * stride);
  const first = new Float64Array(stride);
  for (let block = 0; block < blocks; block++) {
    const base = block * n * stride;
    for (let at = base; at < base + n * stride; at++) data[at] *= gain;
    first.fill(0);
    for (let k = 0; k < start.length; k++) {
      for (let q = 0; q < stride; q++) first[q] += start[k] * data[base + k * stride + q];
    }
    data.set(first, base);
    for (let at = base + stride; at < base + n * stride; at++) data[at] += POLE * data[at - stride];
    const last = base + (n - 1) * stride;
    const end = POLE / (POLE * POLE - 1);
    for (let at = last; at < last + stride; at++) data[at] = end * (data[at] + POLE * data[at - stride]);
    for (let at = last - 1; at >= base; at--) data[at] = POLE * (data[at + stride] - data[at]);
  }
}

/** Weights of the samples in the first value of the causal filter: the sum over the mirrored, periodic signal. */
function startWeights(n: number): Float64Array {
  const horizon = Math.ceil(Math.log(SMALLEST_POWER) / Math.log(-POLE));
  if (horizon < n) return Float64Array.from({ length: horizon }, (_, k) => POLE ** k);
  const period = 2 * n - 2;
  const scale = 1 / (1 - POLE ** period);
  return Float64Array.from({ length: n }, (_, k) => {
    const mirrored = k === 0 || k === n - 1 ? 0 : POLE ** (period - k);
    return scale * (POLE ** k + mirrored);
  });
}
