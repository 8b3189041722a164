import { planFft, smoothLength, transformLines } from '../../../math/fft.ts';
import type { FftPlan } from '../../../math/fft-plan.ts';

/** A complex kernel in the plane, (2 reachU + 1) columns by (2 reachV + 1) rows, row by row. */
export interface PlaneKernel {
  reachU: number;
  reachV: number;
  re: Float64Array;
  im: Float64Array;
}

/** Numbers at frequencies (u, v), v fastest. */
interface Spectrum {
  re: Float64Array;
  im: Float64Array;
}

/** A kernel's spectrum at those v where it is not negligible. A narrow band, as Gabor's, has few. */
interface Band extends Spectrum {
  rows: Int32Array;
}

/** Convolves planes of one size, padded by the largest reach, with a set of kernels. */
export interface PlaneConvolver {
  reachU: number;
  reachV: number;
  /** Columns and rows of the answer. */
  size: [number, number];
  planU: FftPlan;
  planV: FftPlan;
  bands: Band[];
}

/** Share of a kernel's largest frequency below which the others are dropped. */
const NEGLIGIBLE = 1e-12;

export function planeConvolver(kernels: PlaneKernel[], size: [number, number]): PlaneConvolver {
  const reachU = Math.max(...kernels.map((kernel) => kernel.reachU));
  const reachV = Math.max(...kernels.map((kernel) => kernel.reachV));
  const planU = planFft(smoothLength(size[0] + 2 * reachU));
  const planV = planFft(smoothLength(size[1] + 2 * reachV));
  const bands = kernels.map((kernel) => bandOf(kernel, planU, planV));
  return { reachU, reachV, size, planU, planV, bands };
}

/** Spectrum of a padded plane, (size + 2 reach) columns and rows, of real numbers. */
export function spectrumOfPlane({ planU, planV, size, reachU, reachV }: PlaneConvolver, plane: Float64Array): Spectrum {
  const columns = size[0] + 2 * reachU;
  const rows = size[1] + 2 * reachV;
  const re = new Float64Array(planU.length * planV.length);
  const im = new Float64Array(re.length);
  for (let v = 0; v < rows; v++) re.set(plane.subarray(v * columns, (v + 1) * columns), v * planU.length);
  return transformed(re, im, planU, planV);
}

/**
 * The answer of one kernel, row by row; only the band of the kernel and the columns of the answer are transformed back.
 * `visit` gets each row of the answer: real part, imaginary part and where the row starts in them.
 */
export function convolvePlane(
  convolver: PlaneConvolver,
  spectrum: Spectrum,
  band: Band,
  visit: (v: number, re: Float64Array, im: Float64Array, from: number) => void,
): void {
  const { planU, planV, size, reachU, reachV } = convolver;
  const active = band.rows.length;
  const bandRe = new Float64Array(planU.length * active);
  const bandIm = new Float64Array(bandRe.length);
  for (let u = 0, at = 0; u < planU.length; u++) {
    for (let a = 0; a < active; a++, at++) {
      const from = u * planV.length + band.rows[a];
      bandRe[at] = spectrum.re[from] * band.re[at] - spectrum.im[from] * band.im[at];
      bandIm[at] = spectrum.re[from] * band.im[at] + spectrum.im[from] * band.re[at];
    }
  }
  transformLines(planU, bandIm, bandRe, active);
  const re = new Float64Array(planV.length * size[0]);
  const im = new Float64Array(re.length);
  for (let a = 0; a < active; a++) {
    const to = band.rows[a] * size[0];
    for (let u = 0; u < size[0]; u++) {
      re[to + u] = bandRe[(u + reachU) * active + a];
      im[to + u] = bandIm[(u + reachU) * active + a];
    }
  }
  transformLines(planV, im, re, size[0]);
  for (let v = 0; v < size[1]; v++) visit(v, re, im, (v + reachV) * size[0]);
}

/** Spectrum of the kernel with its centre at the origin of the periodic plane, divided by the plane's size. */
function bandOf(kernel: PlaneKernel, planU: FftPlan, planV: FftPlan): Band {
  const nu = planU.length;
  const nv = planV.length;
  const re = new Float64Array(nu * nv);
  const im = new Float64Array(nu * nv);
  const width = 2 * kernel.reachU + 1;
  for (let v = -kernel.reachV; v <= kernel.reachV; v++) {
    for (let u = -kernel.reachU; u <= kernel.reachU; u++) {
      const at = ((u + nu) % nu) + nu * ((v + nv) % nv);
      const from = u + kernel.reachU + width * (v + kernel.reachV);
      re[at] = kernel.re[from] / (nu * nv);
      im[at] = kernel.im[from] / (nu * nv);
    }
  }
  return compact(transformed(re, im, planU, planV), nu, nv);
}

function compact({ re, im }: Spectrum, nu: number, nv: number): Band {
  const peaks = new Float64Array(nv);
  for (let at = 0; at < re.length; at++) {
    peaks[at % nv] = Math.max(peaks[at % nv], Math.abs(re[at]), Math.abs(im[at]));
  }
  const least = NEGLIGIBLE * Math.max(...peaks);
  const rows = Int32Array.from({ length: nv }, (_, v) => v).filter((v) => peaks[v] > least);
  const pick = (from: Float64Array) =>
    Float64Array.from(
      { length: nu * rows.length },
      (_, n) => from[Math.floor(n / rows.length) * nv + rows[n % rows.length]],
    );
  return { re: pick(re), im: pick(im), rows };
}

/** From (v, u), u fastest, to frequencies (u, v), v fastest. */
function transformed(re: Float64Array, im: Float64Array, planU: FftPlan, planV: FftPlan): Spectrum {
  const nu = planU.length;
  const nv = planV.length;
  transformLines(planV, re, im, nu);
  const turned = { re: transposed(re, nu, nv), im: transposed(im, nu, nv) };
  transformLines(planU, turned.re, turned.im, nv);
  return turned;
}

function transposed(data: Float64Array, nu: number, nv: number): Float64Array {
  const to = new Float64Array(data.length);
  for (let v = 0, at = 0; v < nv; v++) for (let u = 0; u < nu; u++, at++) to[u * nv + v] = data[at];
  return to;
}
