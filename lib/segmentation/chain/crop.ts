import { boundingBox } from '../../image/box.ts';
import { type Box, type Grid, indexToPatient, type Volume, voxelCount } from '../../image/grid.ts';
import { maskOfVolume } from '../../image/mask.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { LabelArray } from '../nnunet/segment.ts';

/**
 * The box around all that is not 0, wider on each side by the margin in whole voxels, rounded down, and within the grid.
 * @returns undefined when everything is 0
 */
export function boxAround({ grid, data }: Volume<Uint8Array>, marginMm: number[]): Box | undefined {
  const { start, size } = boundingBox(maskOfVolume(grid, data));
  if (size.includes(0)) return undefined;
  const add = marginMm.map((mm, axis) => Math.trunc(mm / Math.fround(grid.spacingMm[axis])));
  const low = start.map((first, axis) => Math.max(0, first - add[axis])) as Vec3;
  const high = start.map((first, axis) => Math.min(grid.size[axis], first + size[axis] + add[axis]));
  return { start: low, size: high.map((end, axis) => end - low[axis]) as Vec3 };
}

/** A part of an image; values lose what follows the point, as TotalSegmentator's do. */
export function cutOut({ grid, data }: Volume, { start, size }: Box): Volume<Int32Array> {
  const part = new Int32Array(size[0] * size[1] * size[2]);
  rowsOf(grid, { start, size }, (from, to) => part.set(data.subarray(from, from + size[0]), to));
  return { grid: { ...grid, size, originMm: indexToPatient(grid, start) }, data: part };
}

/** Labels of a part on the whole grid, 0 elsewhere. */
export function placedIn(grid: Grid, box: Box, labels: LabelArray): LabelArray {
  const whole = labels instanceof Uint8Array ? new Uint8Array(voxelCount(grid)) : new Uint16Array(voxelCount(grid));
  rowsOf(grid, box, (to, from) => whole.set(labels.subarray(from, from + box.size[0]), to));
  return whole;
}

/** For each row of a box where it begins in the whole grid and in the box. */
function rowsOf({ size: [nx, ny] }: Grid, { start, size }: Box, visit: (whole: number, part: number) => void): void {
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++)
      visit(start[0] + nx * (start[1] + j + ny * (start[2] + k)), size[0] * (j + size[1] * k));
  }
}
