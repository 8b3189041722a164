import { boundingBox, boxOf, EMPTY_BOX, growBox, intersectBoxes } from '../../image/box.ts';
import { type Box, type Grid, type Mask, sliceIndex, sliceOffsetMm, type Volume } from '../../image/grid.ts';
import { reframeMask } from '../../image/mask.ts';
import { addScaled, column, type Vec3 } from '../../math/vec3.ts';
import { cubicWeights, splineCoefficients } from '../preprocessing/bspline.ts';

export const INTERPOLATORS = ['nearest', 'linear', 'cubic'] as const;
export type Interpolator = (typeof INTERPOLATORS)[number];

/** Rounding of the spacing in a file's header must not add a voxel. */
const HEADER_ROUNDING = 1e-4;

/**
 * A grid with the new spacing whose centre is the centre of the old one (IBSI VTM2 and chapter 2.4): ceil(n s / s') voxels
 * per axis. An axis whose new spacing is undefined or its own stays as it is; other axes become even.
 */
export function centredGrid(grid: Grid, spacingMm: readonly (number | undefined)[]): Grid {
  const steps = [0, 1, 2].map((axis) => axisSteps(grid, axis, spacingMm[axis]));
  const { sliceOffsetsMm, ...even } = grid;
  let originMm = grid.originMm;
  steps.forEach(({ firstMm }, axis) => {
    originMm = addScaled(originMm, firstMm, column(grid.direction, axis as 0 | 1 | 2));
  });
  return {
    ...(steps[2].kept ? grid : even),
    size: steps.map(({ count }) => count) as Vec3,
    spacingMm: steps.map(({ spacing }) => spacing) as Vec3,
    originMm,
  };
}

interface AxisSteps {
  kept: boolean;
  count: number;
  spacing: number;
  /** Distance of the first new voxel from the first old one. */
  firstMm: number;
}

function axisSteps(grid: Grid, axis: number, wanted: number | undefined): AxisSteps {
  const n = grid.size[axis];
  const old = grid.spacingMm[axis];
  const uneven = axis === 2 && grid.sliceOffsetsMm !== undefined;
  if (wanted === undefined || (!uneven && Math.abs(wanted - old) < HEADER_ROUNDING * old)) {
    return { kept: true, count: n, spacing: old, firstMm: 0 };
  }
  const [lowMm, highMm] = uneven
    ? [sliceOffsetMm(grid, -0.5), sliceOffsetMm(grid, n - 0.5)]
    : [-0.5 * old, (n - 0.5) * old];
  const count = Math.max(1, Math.ceil((highMm - lowMm) / wanted - HEADER_ROUNDING));
  return { kept: false, count, spacing: wanted, firstMm: (lowMm + highMm - wanted * (count - 1)) / 2 };
}

/**
 * Values of an image at the voxels of a grid that `centredGrid` made from its own, in double precision. Outside the
 * outermost voxel centres the nearest value holds; the spline is continued by mirroring about the outermost centres, and
 * between uneven slices it runs in steps of slices.
 */
export function interpolate(volume: Volume, target: Grid, interpolator: Interpolator): Float64Array {
  const data = new Float64Array(volume.data);
  if (interpolator === 'cubic') splineCoefficients(volume.data, volume.grid.size, data);
  return sample(data, boxOf(volume.grid), volume.grid, target, boxOf(target), interpolator);
}

/** How far each voxel of the target lies in a mask, 0 to 1, in the box outside which it is 0. */
export function interpolateShare(
  mask: Mask,
  target: Grid,
  interpolator: 'nearest' | 'linear',
): { box: Box; share: Float64Array } {
  const { grid } = mask;
  const source = intersectBoxes(growBox(boundingBox(mask), [1, 1, 1]), boxOf(grid));
  const box: Box = { start: [0, 0, 0], size: [0, 0, 0] };
  for (let axis = 0; axis < 3; axis++) {
    const last = source.start[axis] + source.size[axis] - 1;
    const at = positions(grid, axis, axisSteps(grid, axis, target.spacingMm[axis]));
    const within = at.map((position) => (position >= source.start[axis] && position <= last ? 1 : 0));
    const first = within.indexOf(1);
    if (first < 0) return { box: EMPTY_BOX, share: new Float64Array(0) };
    box.start[axis] = first;
    box.size[axis] = within.lastIndexOf(1) - first + 1;
  }
  const data = new Float64Array(reframeMask(mask, source).data);
  return { box, share: sample(data, source, grid, target, box, interpolator) };
}

/** Values at the voxels of `window` in the target, from the numbers of `source` in the grid: one axis after the other. */
function sample(
  data: Float64Array,
  source: Box,
  grid: Grid,
  target: Grid,
  window: Box,
  interpolator: Interpolator,
): Float64Array {
  const size: Vec3 = [...source.size];
  let values = data;
  for (const axis of axesByShrinkage(size, window.size)) {
    const first = window.start[axis];
    const at = positions(grid, axis, axisSteps(grid, axis, target.spacingMm[axis]))
      .subarray(first, first + window.size[axis])
      .map((position) => position - source.start[axis]);
    const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
    values = interpolateAxis(values, size[axis], stride, tapsAt(at, size[axis], interpolator));
    size[axis] = window.size[axis];
  }
  return values;
}

/** Old indices of the new voxels along an axis, fractional, within the outermost voxel centres. */
function positions(grid: Grid, axis: number, { kept, count, spacing, firstMm }: AxisSteps): Float64Array {
  const last = grid.size[axis] - 1;
  return Float64Array.from({ length: count }, (_, n) => {
    if (kept) return n;
    const mm = firstMm + spacing * n;
    const index = axis === 2 ? sliceIndex(grid, mm) : mm / grid.spacingMm[axis];
    return Math.min(Math.max(index, 0), last);
  });
}

/** The axis that loses most first: fewer numbers for the others. */
function axesByShrinkage(from: Vec3, to: Vec3): number[] {
  return [0, 1, 2].sort((a, b) => to[a] / from[a] - to[b] / from[b] || a - b);
}

interface Taps {
  width: number;
  /** `width` source indices and weights per new voxel. */
  indices: Int32Array;
  weights: Float64Array;
}

function tapsAt(at: Float64Array, n: number, interpolator: Interpolator): Taps {
  const width = { nearest: 1, linear: 2, cubic: 4 }[interpolator];
  const indices = new Int32Array(at.length * width);
  const weights = new Float64Array(at.length * width);
  at.forEach((position, p) => {
    const floor = Math.floor(position);
    const t = position - floor;
    if (interpolator === 'nearest') {
      indices[p] = Math.round(position);
      weights[p] = 1;
      return;
    }
    const taps = interpolator === 'linear' ? [1 - t, t] : cubicWeights(t);
    taps.forEach((weight, tap) => {
      const index = interpolator === 'linear' ? floor + tap : floor - 1 + tap;
      indices[p * width + tap] = mirrored(index, n);
      weights[p * width + tap] = weight;
    });
  });
  return { width, indices, weights };
}

/** Mirror about the outermost samples: -1 is 1, n is n - 2. */
function mirrored(index: number, n: number): number {
  if (n === 1) return 0;
  const inside = index < 0 ? -index : index;
  return inside >= n ? 2 * (n - 1) - inside : inside;
}

function interpolateAxis(data: Float64Array, n: number, stride: number, taps: Taps): Float64Array {
  const { width, indices, weights } = taps;
  const count = indices.length / width;
  const blocks = data.length / (n * stride);
  const to = new Float64Array(blocks * count * stride);
  if (stride === 1) return interpolateRows(data, n, taps, to);
  for (let block = 0; block < blocks; block++) {
    for (let p = 0; p < count; p++) {
      const row = (block * count + p) * stride;
      for (let tap = 0; tap < width; tap++) {
        const from = (block * n + indices[p * width + tap]) * stride;
        const weight = weights[p * width + tap];
        for (let q = 0; q < stride; q++) to[row + q] += weight * data[from + q];
      }
    }
  }
  return to;
}

/** Along the rows themselves every number has its own weights. */
function interpolateRows(
  data: Float64Array,
  n: number,
  { width, indices, weights }: Taps,
  to: Float64Array,
): Float64Array {
  const count = indices.length / width;
  for (let from = 0, at = 0; from < data.length; from += n) {
    for (let p = 0; p < count; p++) {
      let sum = 0;
      for (let t = p * width, end = t + width; t < end; t++) sum += weights[t] * data[from + indices[t]];
      to[at++] = sum;
    }
  }
  return to;
}
