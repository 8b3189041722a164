import type { DoseGrid } from '../../rt/dose-header.ts';
import { IDENTITY4, type Matrix4, movePoint } from '../../rt/matrix4.ts';

/** Least and greatest patient coordinates of the voxel centres, mm. */
export interface Extent {
  low: number[];
  high: number[];
}

/**
 * The box in patient coordinates that holds all voxel centres of a dose grid, whatever its orientation: its eight
 * corners, with frame offsets as written. Absolute offsets (PS3.3 C.8.8.3.2) start at the position along the normal.
 * Undefined when the geometry is incomplete.
 * @param matrix takes it to another frame of reference
 */
export function gridExtent(grid: DoseGrid, matrix: Matrix4 = IDENTITY4): Extent | undefined {
  const { positionMm: p, orientation: o, pixelSpacingMm: s } = grid;
  if (p.length !== 3 || o.length !== 6 || s.length !== 2) return undefined;
  const normal = [o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]];
  const steps = frameSteps(grid, normal);
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (const along of [0, (grid.columns - 1) * s[1]]) {
    for (const down of [0, (grid.rows - 1) * s[0]]) {
      for (const step of [Math.min(...steps), Math.max(...steps)]) {
        const corner = ([0, 1, 2] as const).map((a) => p[a] + along * o[a] + down * o[3 + a] + step * normal[a]);
        const at = movePoint([corner[0], corner[1], corner[2]], matrix, 1);
        for (let axis = 0; axis < 3; axis++) {
          low[axis] = Math.min(low[axis], at[axis]);
          high[axis] = Math.max(high[axis], at[axis]);
        }
      }
    }
  }
  return [...low, ...high].every(Number.isFinite) ? { low, high } : undefined;
}

/** Distances of the frames from the position along the normal. Offsets that do not start at 0 are z coordinates. */
export function frameSteps(grid: DoseGrid, normal: number[]): number[] {
  const offsets = grid.frameOffsetsMm.filter(Number.isFinite);
  if (offsets.length === 0) return [0];
  const sign = offsets[0] !== 0 && normal[2] < 0 ? -1 : 1;
  return offsets.map((offset) => sign * (offset - offsets[0]));
}

/** Volume of the overlap over the volume of the smaller box, 0 to 1; a flat box counts by the axes that it has. */
export function overlapFraction(a: Extent, b: Extent): number {
  let overlap = 1;
  let smaller = [1, 1];
  for (let axis = 0; axis < 3; axis++) {
    const sizes = [a.high[axis] - a.low[axis], b.high[axis] - b.low[axis]];
    const shared = Math.min(a.high[axis], b.high[axis]) - Math.max(a.low[axis], b.low[axis]);
    if (shared < 0) return 0;
    if (Math.min(...sizes) === 0) continue;
    overlap *= shared;
    smaller = [smaller[0] * sizes[0], smaller[1] * sizes[1]];
  }
  return overlap / Math.min(...smaller);
}
