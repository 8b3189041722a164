import { addScaled, column, type Mat3, multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';

/**
 * Where the voxels of a volume lie: an orthonormal frame in patient coordinates (DICOM LPS, mm).
 * Voxel (i, j, k) has its centre at origin + direction * (i sx, j sy, kOffset(k)); it is stored at i + nx (j + ny k).
 * Slices always ascend along the third direction: a reader that meets descending frames reorders them.
 */
export interface Grid {
  /** Columns (i), rows (j), slices (k). */
  size: Vec3;
  /** Centre of voxel (0, 0, 0). */
  originMm: Vec3;
  /** Distances of neighbours along i, j, k; along k the median when slices are uneven. */
  spacingMm: Vec3;
  /** Columns are the unit vectors of i, j, k. Right- or left-handed. */
  direction: Mat3;
  /** Only for uneven slices: distance of each slice from slice 0 along k, strictly ascending, [0] = 0. */
  sliceOffsetsMm?: Float64Array;
  frameOfReferenceUid?: string;
}

export type VoxelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Numbers on a grid: a plain record that can be posted to a thread. */
export interface Volume<T extends VoxelArray = VoxelArray> {
  grid: Grid;
  data: T;
}

/** A set of voxels of `grid`, stored only inside `box` (1 = inside), index di + bx (dj + by dk). */
export interface Mask {
  /** The whole grid that the mask belongs to. */
  grid: Grid;
  box: Box;
  data: Uint8Array;
}

/** A part of a grid: first voxel and number of voxels along i, j, k. */
export interface Box {
  start: Vec3;
  size: Vec3;
}

export function voxelCount(grid: { size: Vec3 }): number {
  return grid.size[0] * grid.size[1] * grid.size[2];
}

/** Distance of slice k from slice 0, mm; k may be fractional, and is extrapolated by the nearest gap outside. */
export function sliceOffsetMm(grid: Grid, k: number): number {
  const offsets = grid.sliceOffsetsMm;
  if (!offsets || offsets.length < 2) return k * grid.spacingMm[2];
  const lower = Math.min(Math.max(Math.floor(k), 0), offsets.length - 2);
  return offsets[lower] + (k - lower) * (offsets[lower + 1] - offsets[lower]);
}

/** The fractional slice index of a distance from slice 0: the inverse of `sliceOffsetMm`. */
export function sliceIndex(grid: Grid, offsetMm: number): number {
  const offsets = grid.sliceOffsetsMm;
  if (!offsets || offsets.length < 2) return offsetMm / grid.spacingMm[2];
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle] <= offsetMm) low = middle;
    else high = middle;
  }
  return low + (offsetMm - offsets[low]) / (offsets[low + 1] - offsets[low]);
}

/** Patient coordinates (LPS mm) of a voxel index; fractions allowed. */
export function indexToPatient(grid: Grid, index: Vec3): Vec3 {
  const along = [index[0] * grid.spacingMm[0], index[1] * grid.spacingMm[1], sliceOffsetMm(grid, index[2])];
  let p = addScaled(grid.originMm, along[0], column(grid.direction, 0));
  p = addScaled(p, along[1], column(grid.direction, 1));
  return addScaled(p, along[2], column(grid.direction, 2));
}

/** Fractional voxel index of a point in patient coordinates (LPS mm). */
export function patientToIndex(grid: Grid, pointMm: Vec3): Vec3 {
  const along = multiplyTransposed(grid.direction, subtract(pointMm, grid.originMm));
  return [along[0] / grid.spacingMm[0], along[1] / grid.spacingMm[1], sliceIndex(grid, along[2])];
}
