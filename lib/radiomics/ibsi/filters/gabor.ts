import { growBox } from '../../../image/box.ts';
import type { Box } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import { type Block, gather } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import {
  convolvePlane,
  type PlaneConvolver,
  type PlaneKernel,
  planeConvolver,
  spectrumOfPlane,
} from './plane-convolution.ts';

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
  for (const plane of planes) poolPlanes({ filter, context, box, thetas }, plane, pooled);
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

/** What is the same for all planes. */
interface Turned {
  filter: FilterOf<'gabor'>;
  context: FilterContext;
  box: Box;
  thetas: number[];
}

/** Filters all planes of the box along one stacking axis and adds the moduli, or keeps the largest. */
function poolPlanes({ filter, context, box, thetas }: Turned, plane: Plane, pooled: Float64Array): void {
  const { u, v, stack } = plane;
  const kernels = thetas.map((theta) => gaborKernel(filter, theta, context.spacingMm[u], context.spacingMm[v]));
  const convolver = planeConvolver(kernels, [box.size[u], box.size[v]]);
  const padded = paddedImage(context, box, plane, convolver, filter.boundary);
  const strides = [1, box.size[0], box.size[0] * box.size[1]];
  const max = filter.pooling === 'max';
  for (let slice = 0; slice < box.size[stack]; slice++) {
    const spectrum = spectrumOfPlane(convolver, planeOf(padded, plane, slice));
    for (const band of convolver.bands) {
      convolvePlane(convolver, spectrum, band, (row, re, im, from) => {
        const to = slice * strides[stack] + row * strides[v];
        poolModuli(re, im, from, box.size[u], pooled, to, strides[u], max);
      });
    }
  }
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

interface PaddedImage {
  data: Float64Array;
  size: Vec3;
}

function paddedImage(
  context: FilterContext,
  box: Box,
  plane: Plane,
  { reachU, reachV }: PlaneConvolver,
  boundary: FilterOf<'gabor'>['boundary'],
): PaddedImage {
  const reach: Vec3 = [0, 0, 0];
  reach[plane.u] = reachU;
  reach[plane.v] = reachV;
  const padded = growBox(box, reach);
  return { data: gather(context.image(box, reach, boundary), padded, boundary), size: padded.size };
}

/** One plane of the padded image, u fastest. */
function planeOf({ data, size }: PaddedImage, { u, v, stack }: Plane, slice: number): Float64Array {
  const strides = [1, size[0], size[0] * size[1]];
  const to = new Float64Array(size[u] * size[v]);
  for (let row = 0, at = 0; row < size[v]; row++) {
    const from = slice * strides[stack] + row * strides[v];
    for (let column = 0; column < size[u]; column++) to[at++] = data[from + column * strides[u]];
  }
  return to;
}

function poolModuli(
  re: Float64Array,
  im: Float64Array,
  from: number,
  count: number,
  pooled: Float64Array,
  to: number,
  stride: number,
  max: boolean,
): void {
  for (let n = 0; n < count; n++) {
    const r = re[from + n];
    const i = im[from + n];
    const modulus = Math.sqrt(r * r + i * i);
    const at = to + n * stride;
    if (!max) pooled[at] += modulus;
    else if (modulus > pooled[at]) pooled[at] = modulus;
  }
}
