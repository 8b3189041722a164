import { planFft, smoothLength, transformLines } from './fft.ts';
import { transformGrid } from './fft-grid.ts';
import type { Vec3 } from './vec3.ts';

/** Columns that are transformed together. */
const LINES = 32;

/**
 * At every cell of a box the sum over all cells of kernel(|di|, |dj|, |dk|) times the number there, for complex numbers, x
 * fastest: exact but for rounding, because the Fourier transforms are long enough that nothing wraps round. The third axis
 * is lengthened for a few columns at a time only, and of the kernel one octant is kept.
 */
export function convolveEven(
  re: Float64Array,
  im: Float64Array,
  size: Vec3,
  kernel: (di: number, dj: number, dk: number) => number,
): { re: Float64Array; im: Float64Array } {
  const padded = paddedSize(size);
  const spectrum = evenSpectrum(padded, kernel);
  const rows: Vec3 = [padded[0], size[1], size[2]];
  const planes: Vec3 = [padded[0], padded[1], size[2]];
  const [rowRe, rowIm] = [re, im].map((data) => resized(data, size, rows));
  transformGrid(rowRe, rowIm, rows, [0]);
  const [planeRe, planeIm] = [rowRe, rowIm].map((data) => resized(data, rows, planes));
  transformGrid(planeRe, planeIm, planes, [1]);
  multiplyColumns(planeRe, planeIm, planes, padded[2], spectrum);
  transformGrid(planeIm, planeRe, planes, [1]);
  const [backRe, backIm] = [planeRe, planeIm].map((data) => resized(data, planes, rows));
  transformGrid(backIm, backRe, rows, [0]);
  return { re: resized(backRe, rows, size), im: resized(backIm, rows, size) };
}

/** The smallest grid on which offsets within a box stay distinct. */
export function paddedSize(size: Vec3): Vec3 {
  return size.map((cells) => smoothLength(2 * cells - 1)) as Vec3;
}

/** Numbers at the frequencies 0 ... n/2 of each axis; the others mirror them. */
interface Octant {
  size: Vec3;
  data: Float64Array;
}

/** Transform of an even kernel on the periodic grid, divided by its size: real and even itself. */
function evenSpectrum(padded: Vec3, kernel: (di: number, dj: number, dk: number) => number): Octant {
  const size = padded.map((n) => (n >> 1) + 1) as Vec3;
  const scale = 1 / (padded[0] * padded[1] * padded[2]);
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) data[at++] = scale * kernel(i, j, k);
    }
  }
  for (let axis = 0; axis < 3; axis++) transformEven(data, size, axis, padded[axis]);
  return { size, data };
}

/** Replaces the first half of even lines by the first half of their transforms. */
function transformEven(data: Float64Array, size: Vec3, axis: number, length: number): void {
  const plan = planFft(length);
  const stride = size.slice(0, axis).reduce((product, n) => product * n, 1);
  const lineCount = data.length / size[axis];
  const re = new Float64Array(length * LINES);
  const im = new Float64Array(length * LINES);
  for (let first = 0; first < lineCount; first += LINES) {
    const count = Math.min(LINES, lineCount - first);
    const start = (b: number) => ((first + b) % stride) + Math.floor((first + b) / stride) * stride * size[axis];
    im.fill(0);
    for (let b = 0; b < count; b++) {
      const from = start(b);
      for (let n = 0; n < length; n++) re[n * count + b] = data[from + Math.min(n, length - n) * stride];
    }
    transformLines(plan, re, im, count);
    for (let b = 0; b < count; b++) {
      const to = start(b);
      for (let n = 0; n < size[axis]; n++) data[to + n * stride] = re[n * count + b];
    }
  }
}

/** The third axis: transform, multiply by the kernel and transform back, keeping the cells that were there. */
function multiplyColumns(re: Float64Array, im: Float64Array, planes: Vec3, length: number, kernel: Octant): void {
  const [nx, ny, nz] = planes;
  const plan = planFft(length);
  const area = nx * ny;
  const lineRe = new Float64Array(length * LINES);
  const lineIm = new Float64Array(length * LINES);
  for (let row = 0; row < area; row += nx) {
    const kernelRow = kernel.size[0] * Math.min(row / nx, ny - row / nx);
    for (let i = 0; i < nx; i += LINES) {
      const count = Math.min(LINES, nx - i);
      lineRe.fill(0);
      lineIm.fill(0);
      for (let n = 0; n < nz; n++) {
        const from = n * area + row + i;
        lineRe.set(re.subarray(from, from + count), n * count);
        lineIm.set(im.subarray(from, from + count), n * count);
      }
      transformLines(plan, lineRe, lineIm, count);
      for (let n = 0, at = 0; n < length; n++) {
        const kernelLine = kernelRow + kernel.size[0] * kernel.size[1] * Math.min(n, length - n);
        for (let b = 0; b < count; b++, at++) {
          const factor = kernel.data[kernelLine + Math.min(i + b, nx - i - b)];
          lineRe[at] *= factor;
          lineIm[at] *= factor;
        }
      }
      transformLines(plan, lineIm, lineRe, count);
      for (let n = 0; n < nz; n++) {
        re.set(lineRe.subarray(n * count, (n + 1) * count), n * area + row + i);
        im.set(lineIm.subarray(n * count, (n + 1) * count), n * area + row + i);
      }
    }
  }
}

/** The same numbers on a box with other sizes along the first two axes: zeros are added or cells dropped at the end. */
function resized(data: Float64Array, from: Vec3, to: Vec3): Float64Array {
  const result = new Float64Array(to[0] * to[1] * to[2]);
  const columns = Math.min(from[0], to[0]);
  for (let k = 0; k < to[2]; k++) {
    for (let j = 0; j < Math.min(from[1], to[1]); j++) {
      const start = from[0] * (j + from[1] * k);
      result.set(data.subarray(start, start + columns), to[0] * (j + to[1] * k));
    }
  }
  return result;
}
