import { planFft, transformLines } from './fft.ts';

/** Lines that are transformed together: small enough for the cache, large enough to share the twiddle factors. */
const LINES = 32;

/**
 * Discrete Fourier transform in place of complex numbers on a grid, x fastest, along the given axes (default: all).
 * The inverse, without its factor 1/N, is the same call with `re` and `im` exchanged.
 */
export function transformGrid(
  re: Float64Array,
  im: Float64Array,
  size: readonly number[],
  axes: readonly number[] = size.map((_, axis) => axis),
): void {
  for (const axis of axes) {
    const stride = size.slice(0, axis).reduce((product, n) => product * n, 1);
    if (size[axis] > 1) transformAxis(re, im, size[axis], stride);
  }
}

function transformAxis(re: Float64Array, im: Float64Array, length: number, stride: number): void {
  const plan = planFft(length);
  const workRe = new Float64Array(length * LINES);
  const workIm = new Float64Array(length * LINES);
  const lines = re.length / length;
  const perBlock = stride === 1 ? lines : stride;
  for (let block = 0; block < re.length; block += perBlock * length) {
    for (let first = 0; first < perBlock; first += LINES) {
      const count = Math.min(LINES, perBlock - first);
      const start = block + (stride === 1 ? first * length : first);
      const lineStep = stride === 1 ? length : 1;
      copyLines(re, start, stride, lineStep, workRe, length, count, true);
      copyLines(im, start, stride, lineStep, workIm, length, count, true);
      transformLines(plan, workRe, workIm, count);
      copyLines(re, start, stride, lineStep, workRe, length, count, false);
      copyLines(im, start, stride, lineStep, workIm, length, count, false);
    }
  }
}

/** Between the grid and lines side by side, as `transformLines` wants them: into the lines, or back. */
function copyLines(
  grid: Float64Array,
  start: number,
  stride: number,
  lineStep: number,
  work: Float64Array,
  length: number,
  count: number,
  into: boolean,
): void {
  for (let n = 0; n < length; n++) {
    const at = start + n * stride;
    const to = n * count;
    if (into) for (let b = 0; b < count; b++) work[to + b] = grid[at + b * lineStep];
    else for (let b = 0; b < count; b++) grid[at + b * lineStep] = work[to + b];
  }
}
