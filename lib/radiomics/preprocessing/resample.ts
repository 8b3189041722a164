import type { Box, VoxelArray } from '../../image/grid.ts';
import {
  type Grid,
  indexToPatient,
  type Mask,
  patientToIndex,
  sliceIndex,
  sliceOffsetMm,
  type Volume,
} from '../../image/grid.ts';
import { sliceThicknessesMm } from '../../image/slice-thickness.ts';
import { column, dot, multiplyTransposed, subtract, type Vec3 } from '../../math/vec3.ts';
import { type AxisPositions, type Interpolator, interpolate, type Source } from './interpolate.ts';

/** Spacing of the new grid: 0 keeps the mask's, and so does an axis along which the region is one voxel thick. */
export function targetSpacingMm(mask: Grid, region: Box, spacingMm: readonly number[]): Vec3 {
  const single = region.size[2] === 1 ? sliceThicknessesMm(mask)[region.start[2]] : mask.spacingMm[2];
  const own = [mask.spacingMm[0], mask.spacingMm[1], single];
  return spacingMm.map((s, axis) => (s === 0 || region.size[axis] === 1 ? own[axis] : s)) as Vec3;
}

/** numpy.allclose of the spacings: then PyRadiomics leaves the image as it is. Uneven slices have no spacing. */
export function isSameSpacing(image: Grid, spacingMm: Vec3): boolean {
  if (image.sliceOffsetsMm) return false;
  return spacingMm.every((s, axis) => Math.abs(image.spacingMm[axis] - s) <= 1e-8 + 1e-5 * Math.abs(s));
}

/**
 * PyRadiomics' resampling grid: that of the whole mask at the new spacing, first corner on first corner, cut to the region's
 * box and `padVoxels` new voxels around it. Uneven slices: see `alongUnevenSlices`.
 */
export function resamplingGrid(mask: Grid, region: Box, spacingMm: Vec3, padVoxels: number): Grid {
  const first: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const start = region.start[axis];
    const end = start + region.size[axis];
    if (axis === 2 && mask.sliceOffsetsMm) {
      const along = alongUnevenSlices(mask, [start, end], spacingMm[2], padVoxels);
      size[2] = along.count;
      first[2] = sliceIndex(mask, along.firstMm);
      continue;
    }
    const ratio = mask.spacingMm[axis] / spacingMm[axis];
    const lower = Math.max(0, Math.floor((start - 0.5) * ratio - padVoxels));
    const upper = Math.min(Math.ceil(mask.size[axis] * ratio) - 1, Math.ceil((end - 0.5) * ratio + padVoxels));
    size[axis] = upper - lower + 1;
    first[axis] = (0.5 * (spacingMm[axis] - mask.spacingMm[axis])) / mask.spacingMm[axis] + lower / ratio;
  }
  const { direction, frameOfReferenceUid } = mask;
  const grid: Grid = { size, originMm: indexToPatient(mask, first), spacingMm, direction };
  return frameOfReferenceUid === undefined ? grid : { ...grid, frameOfReferenceUid };
}

/**
 * Along uneven slices the new voxels are counted from the face below the region, halfway between its first slice and the
 * one below, so that they cover what its slices cover; padding ends with the image.
 */
function alongUnevenSlices(grid: Grid, [start, end]: [number, number], stepMm: number, padVoxels: number) {
  const faceMm = (k: number) => sliceOffsetMm(grid, k - 0.5);
  const voxelsIn = (mm: number) => Math.floor(mm / stepMm + FACE_ROUNDING);
  const below = Math.min(padVoxels, voxelsIn(faceMm(start) - faceMm(0)));
  const inside = Math.ceil((faceMm(end) - faceMm(start)) / stepMm - FACE_ROUNDING);
  const above = Math.max(0, Math.min(padVoxels, voxelsIn(faceMm(grid.size[2]) - faceMm(start)) - inside));
  return { count: below + inside + above, firstMm: faceMm(start) - (below - 0.5) * stepMm };
}

/** Part of a voxel. */
const FACE_ROUNDING = 1e-6;

/**
 * The image on another grid, with voxels of the image's own type: fractions are kept by floats and cut off by integers,
 * after limiting to the type's range, as ITK does. `source` holds B-spline coefficients for sitkBSpline.
 */
export function resampleImage(image: Volume, source: VoxelArray, grid: Grid, interpolator: Interpolator): Volume {
  return {
    grid,
    data: inTypeOf(image.data, sampleOnGrid({ data: source, size: image.grid.size }, image.grid, grid, interpolator)),
  };
}

/** The mask on another grid by its nearest voxels. */
export function resampleMask(mask: Mask, grid: Grid): Mask {
  const boxed: Source = { data: mask.data, size: mask.box.size };
  const sampled = sampleOnGrid(boxed, mask.grid, grid, 'sitkNearestNeighbor', mask.box.start);
  return { grid, box: { start: [0, 0, 0], size: [...grid.size] }, data: new Uint8Array(sampled) };
}

/** `source` holds the voxels of `from` from index `start` on. */
function sampleOnGrid(
  source: Source,
  from: Grid,
  to: Grid,
  interpolator: Interpolator,
  start: Vec3 = [0, 0, 0],
): Float64Array {
  const shifted = (positions: AxisPositions) =>
    positions.map((at, axis) => at.map((x) => x - start[axis])) as AxisPositions;
  if (isParallel(from, to)) return interpolate(source, shifted(axisPositions(from, to)), interpolator);
  const out = new Float64Array(to.size[0] * to.size[1] * to.size[2]);
  for (let k = 0, p = 0; k < to.size[2]; k++) {
    for (let j = 0; j < to.size[1]; j++) {
      for (let i = 0; i < to.size[0]; i++, p++) {
        const at = patientToIndex(from, indexToPatient(to, [i, j, k])).map((x) => Float64Array.of(x)) as AxisPositions;
        out[p] = interpolate(source, shifted(at), interpolator)[0];
      }
    }
  }
  return out;
}

function isParallel(a: Grid, b: Grid): boolean {
  return ([0, 1, 2] as const).every(
    (axis) => Math.abs(dot(column(a.direction, axis), column(b.direction, axis)) - 1) < 1e-12,
  );
}

/** Along a row ITK interpolates between the ends of the line; across rows and slices it maps every position. */
function axisPositions(from: Grid, to: Grid): AxisPositions {
  const alongMm = multiplyTransposed(from.direction, subtract(to.originMm, from.originMm));
  const index = (axis: number, i: number) => {
    const offsetMm = alongMm[axis] + i * to.spacingMm[axis];
    return axis === 2 && from.sliceOffsetsMm !== undefined
      ? sliceIndex(from, offsetMm)
      : offsetMm * (1 / from.spacingMm[axis]);
  };
  const [nx, ny, nz] = to.size;
  const [first, end] = [index(0, 0), index(0, nx)];
  return [
    Float64Array.from({ length: nx }, (_, i) => first + (i / nx) * (end - first)),
    Float64Array.from({ length: ny }, (_, j) => index(1, j)),
    Float64Array.from({ length: nz }, (_, k) => index(2, k)),
  ];
}

const INTEGER_LIMITS: [new (length: number) => VoxelArray, number, number][] = [
  [Uint8Array, 0, 255],
  [Int8Array, -128, 127],
  [Uint16Array, 0, 65535],
  [Int16Array, -32768, 32767],
  [Uint32Array, 0, 4294967295],
  [Int32Array, -2147483648, 2147483647],
];

function inTypeOf(image: VoxelArray, values: Float64Array): VoxelArray {
  if (image instanceof Float64Array) return values;
  if (image instanceof Float32Array) return new Float32Array(values);
  const [type, low, high] = INTEGER_LIMITS.find(([integers]) => image instanceof integers)!;
  const out = new type(values.length);
  for (let p = 0; p < out.length; p++) out[p] = Math.min(Math.max(values[p], low), high);
  return out;
}
