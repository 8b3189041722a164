import type { Vec3 } from '../math/vec3.ts';
import { type Grid, indexToPatient, type Mask, patientToIndex } from './grid.ts';

/** A point this near outside, in voxels, counts as on the grid: rounding of decimal strings. */
const ROUNDING = 1e-4;

/**
 * Part of the mask's voxels, 0..1, whose centre lies between the outermost voxel centres of `grid`: where values of the
 * grid can be interpolated. NaN for an empty mask.
 */
export function coverageOf(mask: Mask, grid: Grid): number {
  if (cornersOf(mask).every((corner) => covers(grid, indexToPatient(mask.grid, corner)))) return 1;
  const { start, size } = mask.box;
  let inside = 0;
  let covered = 0;
  for (let dk = 0; dk < size[2]; dk++) {
    for (let dj = 0; dj < size[1]; dj++) {
      for (let di = 0; di < size[0]; di++) {
        if (mask.data[di + size[0] * (dj + size[1] * dk)] === 0) continue;
        inside++;
        if (covers(grid, indexToPatient(mask.grid, [start[0] + di, start[1] + dj, start[2] + dk]))) covered++;
      }
    }
  }
  return covered / inside;
}

function cornersOf({ box: { start, size } }: Mask): Vec3[] {
  const end: Vec3 = [start[0] + size[0] - 1, start[1] + size[1] - 1, start[2] + size[2] - 1];
  return [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [
    n & 1 ? end[0] : start[0],
    n & 2 ? end[1] : start[1],
    n & 4 ? end[2] : start[2],
  ]);
}

/** Whether a point lies between the outermost voxel centres of a grid. */
export function covers(grid: Grid, pointMm: Vec3): boolean {
  const index = patientToIndex(grid, pointMm);
  return index.every((x, axis) => x >= -ROUNDING && x <= grid.size[axis] - 1 + ROUNDING);
}
