import { planFft, transformLines } from './fft.ts';
import { transformGrid } from './fft-grid.ts';

/**
 * The half of the spectrum of real numbers on a grid that determines the other, because X[-k] is the conjugate of X[k]:
 * frequencies 0 ... nx/2 along the first axis, all of them along the others; the first axis is fastest.
 */
export interface HalfSpectrum {
  size: number[];
  re: Float64Array;
  im: Float64Array;
}

/** Pairs of rows that are transformed together, each pair as one complex line. */
const PAIRS = 32;

/** Half of the spectrum of real numbers on a grid along the first axis and those of `others`. */
export function halfSpectrum(data: Float64Array, size: readonly number[], others: readonly number[]): HalfSpectrum {
  const [nx] = size;
  const half = (nx >> 1) + 1;
  const rows = data.length / nx;
  const plan = planFft(nx);
  const re = new Float64Array(half * rows);
  const im = new Float64Array(half * rows);
  const lineRe = new Float64Array(nx * PAIRS);
  const lineIm = new Float64Array(nx * PAIRS);
  for (let first = 0; first < rows; first += 2 * PAIRS) {
    const pairs = Math.min(PAIRS, Math.ceil((rows - first) / 2));
    for (let b = 0; b < pairs; b++) {
      const even = (first + 2 * b) * nx;
      const hasOdd = first + 2 * b + 1 < rows;
      for (let n = 0; n < nx; n++) {
        lineRe[n * pairs + b] = data[even + n];
        lineIm[n * pairs + b] = hasOdd ? data[even + nx + n] : 0;
      }
    }
    transformLines(plan, lineRe, lineIm, pairs);
    for (let b = 0; b < pairs; b++) {
      const even = (first + 2 * b) * half;
      const hasOdd = first + 2 * b + 1 < rows;
      for (let k = 0; k < half; k++) {
        const at = k * pairs + b;
        const mirrored = (k === 0 ? 0 : nx - k) * pairs + b;
        re[even + k] = (lineRe[at] + lineRe[mirrored]) / 2;
        im[even + k] = (lineIm[at] - lineIm[mirrored]) / 2;
        if (!hasOdd) continue;
        re[even + half + k] = (lineIm[at] + lineIm[mirrored]) / 2;
        im[even + half + k] = (lineRe[mirrored] - lineRe[at]) / 2;
      }
    }
  }
  const spectrum = { size: [half, ...size.slice(1)], re, im };
  transformGrid(re, im, spectrum.size, others);
  return spectrum;
}

/** The real numbers of a half spectrum, times the number of samples per transform; the spectrum is used up. */
export function fromHalfSpectrum(spectrum: HalfSpectrum, nx: number, others: readonly number[]): Float64Array {
  const { re, im } = spectrum;
  const [half] = spectrum.size;
  transformGrid(im, re, spectrum.size, others);
  const rows = re.length / half;
  const plan = planFft(nx);
  const data = new Float64Array(rows * nx);
  const lineRe = new Float64Array(nx * PAIRS);
  const lineIm = new Float64Array(nx * PAIRS);
  for (let first = 0; first < rows; first += 2 * PAIRS) {
    const pairs = Math.min(PAIRS, Math.ceil((rows - first) / 2));
    for (let b = 0; b < pairs; b++) {
      const even = (first + 2 * b) * half;
      const hasOdd = first + 2 * b + 1 < rows;
      for (let k = 0; k < half; k++) {
        const oddRe = hasOdd ? re[even + half + k] : 0;
        const oddIm = hasOdd ? im[even + half + k] : 0;
        const mirrored = (k === 0 ? 0 : nx - k) * pairs + b;
        lineRe[mirrored] = re[even + k] + oddIm;
        lineIm[mirrored] = oddRe - im[even + k];
        lineRe[k * pairs + b] = re[even + k] - oddIm;
        lineIm[k * pairs + b] = im[even + k] + oddRe;
      }
    }
    transformLines(plan, lineIm, lineRe, pairs);
    for (let b = 0; b < pairs; b++) {
      const even = (first + 2 * b) * nx;
      const hasOdd = first + 2 * b + 1 < rows;
      for (let n = 0; n < nx; n++) {
        data[even + n] = lineRe[n * pairs + b];
        if (hasOdd) data[even + nx + n] = lineIm[n * pairs + b];
      }
    }
  }
  return data;
}
