import { addScaled, column, multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';
import { type Grid, indexToPatient, type Mask, patientToIndex, sliceOffsetMm } from './grid.ts';

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
      const [from, to] = coveredPart(mask.grid, [start[0], start[1] + dj, start[2] + dk], grid);
      const row = size[0] * (dj + size[1] * dk);
      for (let di = 0; di < size[0]; di++) {
        if (mask.data[row + di] === 0) continue;
        inside++;
        if (di >= from && di <= to) covered++;
      }
    }
  }
  return covered / inside;
}

/**
 * First and last step, with fractions, of the row from a voxel on that lie between the outermost voxel centres of `grid`: a
 * straight row has one such part. The last is below the first where it has none.
 */
function coveredPart(of: Grid, voxel: Vec3, grid: Grid): [from: number, to: number] {
  const first = indexToPatient(of, voxel);
  const along = multiplyTransposed(grid.direction, subtract(first, grid.originMm));
  const step = multiplyTransposed(grid.direction, addScaled([0, 0, 0], of.spacingMm[0], column(of.direction, 0)));
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let axis = 0; axis < 3; axis++) {
    const [low, high] = [-ROUNDING, grid.size[axis] - 1 + ROUNDING].map((index) => offsetMm(grid, axis, index));
    if (step[axis] === 0) {
      if (along[axis] < low || along[axis] > high) return [0, -1];
      continue;
    }
    const [a, b] = [(low - along[axis]) / step[axis], (high - along[axis]) / step[axis]];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return [from, to];
}

function offsetMm(grid: Grid, axis: number, index: number): number {
  return axis === 2 ? sliceOffsetMm(grid, index) : index * grid.spacingMm[axis];
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
