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
  const lines = re.length / length;
  const workRe = new Float64Array(length * LINES);
  const workIm = new Float64Array(length * LINES);
  for (let first = 0; first < lines; first += LINES) {
    const count = Math.min(LINES, lines - first);
    for (let b = 0; b < count; b++) {
      const at = lineStart(first + b, length, stride);
      for (let n = 0; n < length; n++) {
        workRe[n * count + b] = re[at + n * stride];
        workIm[n * count + b] = im[at + n * stride];
      }
    }
    transformLines(plan, workRe, workIm, count);
    for (let b = 0; b < count; b++) {
      const at = lineStart(first + b, length, stride);
      for (let n = 0; n < length; n++) {
        re[at + n * stride] = workRe[n * count + b];
        im[at + n * stride] = workIm[n * count + b];
      }
    }
  }
}

/** Lines are numbered with the axes before the transformed one fastest. */
function lineStart(line: number, length: number, stride: number): number {
  const before = line % stride;
  return before + ((line - before) / stride) * length * stride;
}
