import type { Box } from '../../image/grid.ts';
import { smoothLength } from '../../math/fft.ts';
import { transformGrid } from '../../math/fft-grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { type Block, gather, padBox } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';

/** A plane through the volume: its two axes, and the axis along which the planes are stacked. */
interface Plane {
  u: 0 | 1 | 2;
  v: 0 | 1 | 2;
  stack: 0 | 1 | 2;
}

const AXIAL: Plane = { u: 0, v: 1, stack: 2 };
const ORTHOGONAL: Plane[] = [AXIAL, { u: 0, v: 2, stack: 1 }, { u: 1, v: 2, stack: 0 }];

/** The Gaussian is cut off where it has fallen below 2e-9. */
const CUT_OFF_SIGMAS = 6.4;

/**
 * Modulus of a Gabor filter, IBSI Q88H: exp(-(x'^2 + gamma^2 y'^2)/(2 s^2) + 2 pi i x'/lambda), x' = x cos t + y sin t,
 * y' = -x sin t + y cos t, x along columns and y along rows (downward); not normalised. Turned through the full circle
 * in steps of `thetaStep`, and through the orthogonal planes, responses are pooled. Half a circle suffices, because the
 * modulus of a real image's response is the same after half a turn.
 */
export function gaborFilter(filter: FilterOf<'gabor'>, context: FilterContext, box: Box): Block {
  const thetas = anglesOf(filter);
  const planes = filter.orthogonalPlanes && !context.flat ? ORTHOGONAL : [AXIAL];
  const pooled = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  for (const plane of planes) poolPlanes(filter, context, box, plane, thetas, pooled);
  if (filter.pooling === 'average') {
    const count = planes.length * thetas.length;
    for (let i = 0; i < pooled.length; i++) pooled[i] /= count;
  }
  return { imageSize: context.imageSize, box, data: pooled };
}

function anglesOf({ theta, thetaStep }: FilterOf<'gabor'>): number[] {
  if (!thetaStep) return [theta];
  const turns = Math.round((2 * Math.PI) / thetaStep);
  const distinct = turns % 2 === 0 ? turns / 2 : turns;
  return Array.from({ length: distinct }, (_, n) => theta + (2 * Math.PI * n) / turns);
}

/** Filters all planes of the box along one stacking axis, two planes in one complex transform where possible. */
function poolPlanes(
  filter: FilterOf<'gabor'>,
  context: FilterContext,
  box: Box,
  plane: Plane,
  thetas: number[],
  pooled: Float64Array,
): void {
  const kernels = thetas.map((theta) =>
    gaborKernel(filter, theta, context.spacingMm[plane.u], context.spacingMm[plane.v]),
  );
  const reachU = Math.max(...kernels.map((kernel) => kernel.reachU));
  const reachV = Math.max(...kernels.map((kernel) => kernel.reachV));
  const nu = smoothLength(box.size[plane.u] + 2 * reachU);
  const nv = smoothLength(box.size[plane.v] + 2 * reachV);
  const spectra = kernels.map((kernel) => spectrumOf(kernel, nu, nv));
  const padded = paddedImage(context, box, plane, reachU, reachV, filter.boundary);
  const max = filter.pooling === 'max';
  const re = new Float64Array(nu * nv);
  const im = new Float64Array(nu * nv);
  const workRe = new Float64Array(nu * nv);
  const workIm = new Float64Array(nu * nv);
  for (let slice = 0; slice < box.size[plane.stack]; slice++) {
    re.fill(0);
    im.fill(0);
    loadPlane(padded, plane, slice, re, nu);
    transformGrid(re, im, [nu, nv]);
    for (const spectrum of spectra) {
      multiply(re, im, spectrum, workRe, workIm);
      transformGrid(workIm, workRe, [nu, nv]);
      poolModulus(workRe, workIm, nu, reachU, reachV, box, plane, slice, max, pooled);
    }
  }
}

interface PlaneKernel {
  reachU: number;
  reachV: number;
  /** Row by row, (2 reachU + 1) columns. */
  re: Float64Array;
  im: Float64Array;
}

function gaborKernel(filter: FilterOf<'gabor'>, theta: number, spacingU: number, spacingV: number): PlaneKernel {
  const { sigmaMm, gamma, wavelengthMm } = filter;
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const along = CUT_OFF_SIGMAS * sigmaMm;
  const across = along / gamma;
  const reachU = Math.ceil(Math.hypot(along * cos, across * sin) / spacingU);
  const reachV = Math.ceil(Math.hypot(along * sin, across * cos) / spacingV);
  const width = 2 * reachU + 1;
  const re = new Float64Array(width * (2 * reachV + 1));
  const im = new Float64Array(re.length);
  for (let v = -reachV; v <= reachV; v++) {
    for (let u = -reachU; u <= reachU; u++) {
      const x = u * spacingU * cos + v * spacingV * sin;
      const y = -u * spacingU * sin + v * spacingV * cos;
      const envelope = Math.exp(-(x * x + gamma * gamma * y * y) / (2 * sigmaMm * sigmaMm));
      const at = u + reachU + width * (v + reachV);
      re[at] = envelope * Math.cos((2 * Math.PI * x) / wavelengthMm);
      im[at] = envelope * Math.sin((2 * Math.PI * x) / wavelengthMm);
    }
  }
  return { reachU, reachV, re, im };
}

interface Spectrum {
  re: Float64Array;
  im: Float64Array;
}

/** Transform of the kernel with its centre at the origin of a periodic plane, divided by the plane's size. */
function spectrumOf(kernel: PlaneKernel, nu: number, nv: number): Spectrum {
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
  transformGrid(re, im, [nu, nv]);
  return { re, im };
}

interface PaddedImage {
  data: Float64Array;
  size: Vec3;
}

function paddedImage(
  context: FilterContext,
  box: Box,
  plane: Plane,
  reachU: number,
  reachV: number,
  boundary: FilterOf<'gabor'>['boundary'],
): PaddedImage {
  const reach: Vec3 = [0, 0, 0];
  reach[plane.u] = reachU;
  reach[plane.v] = reachV;
  const padded = padBox(box, reach);
  return { data: gather(context.image(box, reach, boundary), padded, boundary), size: padded.size };
}

function loadPlane({ data, size }: PaddedImage, plane: Plane, slice: number, re: Float64Array, nu: number): void {
  const strides = [1, size[0], size[0] * size[1]];
  const strideU = strides[plane.u];
  for (let v = 0; v < size[plane.v]; v++) {
    const from = slice * strides[plane.stack] + v * strides[plane.v];
    for (let u = 0; u < size[plane.u]; u++) re[u + nu * v] = data[from + u * strideU];
  }
}

function multiply(re: Float64Array, im: Float64Array, by: Spectrum, toRe: Float64Array, toIm: Float64Array): void {
  for (let i = 0; i < re.length; i++) {
    toRe[i] = re[i] * by.re[i] - im[i] * by.im[i];
    toIm[i] = re[i] * by.im[i] + im[i] * by.re[i];
  }
}

function poolModulus(
  re: Float64Array,
  im: Float64Array,
  nu: number,
  reachU: number,
  reachV: number,
  box: Box,
  plane: Plane,
  slice: number,
  max: boolean,
  pooled: Float64Array,
): void {
  const strides = [1, box.size[0], box.size[0] * box.size[1]];
  const strideU = strides[plane.u];
  for (let v = 0; v < box.size[plane.v]; v++) {
    const to = slice * strides[plane.stack] + v * strides[plane.v];
    const from = reachU + nu * (v + reachV);
    for (let u = 0; u < box.size[plane.u]; u++) {
      const r = re[from + u];
      const i = im[from + u];
      const modulus = Math.sqrt(r * r + i * i);
      const at = to + u * strideU;
      if (!max) pooled[at] += modulus;
      else if (modulus > pooled[at]) pooled[at] = modulus;
    }
  }
}
