import { multiply, multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';
import { boxOf, intersectBoxes, isEmptyBox } from './box.ts';
import {
  type Box,
  type Grid,
  indexToPatient,
  type Mask,
  patientToIndex,
  sliceIndex,
  type Volume,
  type VoxelArray,
  voxelCount,
} from './grid.ts';
import { cropMask, emptyMask } from './mask.ts';

/**
 * The values of a volume at the voxel centres of another grid, whatever its orientation: trilinear between voxel centres.
 * An image reaches half a voxel beyond its outer centres, where the outermost value goes on; beyond that stands
 * `outside`. As ITK's ResampleImageFilter.
 */
export function resampleLinear(volume: Volume, grid: Grid, outside: number): Volume<Float64Array> {
  const { data } = volume;
  const [nx, ny, nz] = volume.grid.size;
  const result = new Float64Array(voxelCount(grid)).fill(outside);
  forEachSample(volume.grid, grid, boxOf(grid), (at, x, y, z) => {
    const i = Math.min(Math.max(Math.floor(x), 0), Math.max(nx - 2, 0));
    const j = Math.min(Math.max(Math.floor(y), 0), Math.max(ny - 2, 0));
    const k = Math.min(Math.max(Math.floor(z), 0), Math.max(nz - 2, 0));
    const fx = nx > 1 ? Math.min(Math.max(x - i, 0), 1) : 0;
    const fy = ny > 1 ? Math.min(Math.max(y - j, 0), 1) : 0;
    const fz = nz > 1 ? Math.min(Math.max(z - k, 0), 1) : 0;
    const stepX = nx > 1 ? 1 : 0;
    const stepY = ny > 1 ? nx : 0;
    const base = i + nx * (j + ny * k);
    const near = bilinear(data, base, stepX, stepY, fx, fy);
    result[at] = fz === 0 ? near : near + fz * (bilinear(data, base + nx * ny, stepX, stepY, fx, fy) - near);
  });
  return { grid, data: result };
}

/** As `resampleLinear`, but the value of the nearest voxel, in the type of the volume: for labels. */
export function resampleNearest<T extends VoxelArray>(volume: Volume<T>, grid: Grid, outside: number): Volume<T> {
  const { data } = volume;
  const [nx, ny, nz] = volume.grid.size;
  const result = new (data.constructor as new (length: number) => T)(voxelCount(grid));
  result.fill(outside);
  forEachSample(volume.grid, grid, boxOf(grid), (at, x, y, z) => {
    const i = Math.min(Math.floor(x + 0.5), nx - 1);
    const j = Math.min(Math.floor(y + 0.5), ny - 1);
    const k = Math.min(Math.floor(z + 0.5), nz - 1);
    result[at] = data[i + nx * (j + ny * k)];
  });
  return { grid, data: result };
}

/** The voxels of another grid whose centre lies in a voxel of the mask. */
export function resampleMask(mask: Mask, grid: Grid): Mask {
  const box = intersectBoxes(boxAround(mask, grid), boxOf(grid));
  if (isEmptyBox(box)) return emptyMask(grid);
  const data = new Uint8Array(voxelCount(box));
  const [si, sj, sk] = mask.box.start;
  const [nx, ny, nz] = mask.box.size;
  forEachSample(mask.grid, grid, box, (at, x, y, z) => {
    const i = Math.floor(x + 0.5) - si;
    const j = Math.floor(y + 0.5) - sj;
    const k = Math.floor(z + 0.5) - sk;
    if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) data[at] = mask.data[i + nx * (j + ny * k)];
  });
  return cropMask({ grid, box, data });
}

function bilinear(data: VoxelArray, base: number, stepX: number, stepY: number, fx: number, fy: number): number {
  const low = fx === 0 ? data[base] : data[base] + fx * (data[base + stepX] - data[base]);
  if (fy === 0) return low;
  const next = base + stepY;
  const high = fx === 0 ? data[next] : data[next] + fx * (data[next + stepX] - data[next]);
  return low + fy * (high - low);
}

/** Visit the voxels of a box of `grid` whose centre lies inside `source`, with their fractional index there. */
function forEachSample(
  source: Grid,
  grid: Grid,
  box: Box,
  visit: (at: number, x: number, y: number, z: number) => void,
): void {
  const [nx, ny, nz] = source.size;
  const step = multiplyTransposed(source.direction, multiply(grid.direction, [grid.spacingMm[0], 0, 0]));
  const uneven = source.sliceOffsetsMm !== undefined;
  let at = 0;
  for (let k = box.start[2]; k < box.start[2] + box.size[2]; k++) {
    for (let j = box.start[1]; j < box.start[1] + box.size[1]; j++) {
      const row = alongAxes(source, indexToPatient(grid, [box.start[0], j, k]));
      for (let i = 0; i < box.size[0]; i++, at++) {
        const x = snap((row[0] + i * step[0]) / source.spacingMm[0]);
        const y = snap((row[1] + i * step[1]) / source.spacingMm[1]);
        const mm = row[2] + i * step[2];
        const z = snap(uneven ? sliceIndex(source, mm) : mm / source.spacingMm[2]);
        if (x >= -0.5 && y >= -0.5 && z >= -0.5 && x < nx - 0.5 && y < ny - 0.5 && z < nz - 0.5) visit(at, x, y, z);
      }
    }
  }
}

/** Fractions of a voxel are rounded to 2^-30: centres that coincide give the voxel's value unchanged. */
function snap(index: number): number {
  return Math.round(index * 2 ** 30) / 2 ** 30;
}

function alongAxes(source: Grid, pointMm: Vec3): Vec3 {
  return multiplyTransposed(source.direction, subtract(pointMm, source.originMm));
}

/** The voxels of `grid` that the corners of the mask's box span. */
function boxAround(mask: Mask, grid: Grid): Box {
  const low: Vec3 = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Vec3 = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let corner = 0; corner < 8; corner++) {
    const end = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const index = mask.box.start.map((start, axis) => start - 0.5 + end[axis] * mask.box.size[axis]) as Vec3;
    const there = patientToIndex(grid, indexToPatient(mask.grid, index));
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], there[axis]);
      high[axis] = Math.max(high[axis], there[axis]);
    }
  }
  const start = low.map((value) => Math.floor(value)) as Vec3;
  const size = high.map((value, axis) => Math.ceil(value) - start[axis] + 1) as Vec3;
  return { start, size };
}
