import type { DoseGrid } from '../../rt/dose-header.ts';
import type { DoseUnit } from './units.ts';

/** Boxes that share less than this part of the smaller one are different regions of the patient. */
const MIN_OVERLAP = 0.3;

/** Units whose grids overlap, directly or through others; one of unknown place counts as overlapping. */
export function regionsOf(units: DoseUnit[]): DoseUnit[][] {
  const regions: { units: DoseUnit[]; extents: (Extent | undefined)[] }[] = [];
  for (const unit of units) {
    const extents = unit.members.map((dose) => dose.header.grid && gridExtent(dose.header.grid));
    const touching = regions.filter((region) =>
      region.extents.some((a) => extents.some((b) => !a || !b || overlapFraction(a, b) >= MIN_OVERLAP)),
    );
    const merged = {
      units: [...touching.flatMap((region) => region.units), unit],
      extents: [...touching.flatMap((region) => region.extents), ...extents],
    };
    regions.splice(0, regions.length, ...regions.filter((region) => !touching.includes(region)), merged);
  }
  return regions.map((region) => region.units);
}

/** Least and greatest patient coordinates of the voxel centres, mm. */
export interface Extent {
  low: number[];
  high: number[];
}

/**
 * The box in patient coordinates that holds all voxel centres of a dose grid, whatever its orientation: its eight
 * corners, with frame offsets as written. Absolute offsets (PS3.3 C.8.8.3.2) start at the position along the normal.
 * Undefined when the geometry is incomplete.
 */
export function gridExtent(grid: DoseGrid): Extent | undefined {
  const { positionMm: p, orientation: o, pixelSpacingMm: s } = grid;
  if (p.length !== 3 || o.length !== 6 || s.length !== 2) return undefined;
  const normal = [o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]];
  const steps = frameSteps(grid, normal);
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((value) => -value);
  for (const along of [0, (grid.columns - 1) * s[1]]) {
    for (const down of [0, (grid.rows - 1) * s[0]]) {
      for (const step of [Math.min(...steps), Math.max(...steps)]) {
        for (let axis = 0; axis < 3; axis++) {
          const at = p[axis] + along * o[axis] + down * o[3 + axis] + step * normal[axis];
          low[axis] = Math.min(low[axis], at);
          high[axis] = Math.max(high[axis], at);
        }
      }
    }
  }
  return [...low, ...high].every(Number.isFinite) ? { low, high } : undefined;
}

/** Distances of the frames from the position along the normal. Offsets that do not start at 0 are z coordinates. */
function frameSteps(grid: DoseGrid, normal: number[]): number[] {
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
