import type { Grid } from '../image/grid.ts';
import { addScaled, norm, subtract, type Vec3 } from '../math/vec3.ts';
import { passedWithinMm } from './enclosed-voxels.ts';
import { mixed } from './seed.ts';
import { latticeOf } from './surface-points.ts';

/** Voxels taken by their rank: the marked ones have the lowest values, up to `cut`. */
export interface RankedVoxels {
  grid: Grid;
  values: Float64Array;
  marks: Uint8Array;
  cut: number;
}

/** A marked voxel and an unmarked one that change places. */
export type Trade = [leaves: number, enters: number];

/** Of each side, the nearest to the cut. */
const CANDIDATES = 128;
const TRADES_AT_MOST = 16;

/**
 * Trades that bring the centroid of the marked voxels to where it should be, which ranks alone cannot do where a voxel more
 * or less is a step. Only voxels that the surface passes change places, so the volume stays and the surface is still theirs.
 * @param missedMm along the axes of the grid, from where the centroid should be to where it is
 * @param easeMm a miss up to this needs no trade
 */
export function tradeVoxels(ranked: RankedVoxels, missedMm: Vec3, easeMm: number): Trade[] {
  if (norm(missedMm) <= easeMm) return [];
  const count = ranked.marks.reduce((sum, mark) => sum + mark, 0);
  const [leaving, entering] = [candidates(ranked, 1), candidates(ranked, 0)];
  const trades: Trade[] = [];
  let missed = missedMm;
  while (norm(missed) > easeMm && trades.length < TRADES_AT_MOST) {
    const best = bestTrade(leaving, entering, missed.map((mm) => -count * mm) as Vec3);
    const [from, to] = [leaving[best.leaves], entering[best.enters]];
    if (from === undefined || to === undefined) break;
    const after = addScaled(missed, 1 / count, subtract(to.at, from.at));
    if (norm(after) >= norm(missed)) break;
    missed = after;
    trades.push([from.voxel, to.voxel]);
    leaving.splice(best.leaves, 1);
    entering.splice(best.enters, 1);
  }
  return trades;
}

/** The pair whose way comes nearest to the wanted one; in plain numbers, as tens of thousands of pairs are tried. */
function bestTrade(leaving: Candidate[], entering: Candidate[], [wantedX, wantedY, wantedZ]: Vec3) {
  let best = { leaves: -1, enters: -1 };
  let least = Number.POSITIVE_INFINITY;
  for (let leaves = 0; leaves < leaving.length; leaves++) {
    const [fromX, fromY, fromZ] = leaving[leaves].at;
    const [x, y, z] = [fromX + wantedX, fromY + wantedY, fromZ + wantedZ];
    for (let enters = 0; enters < entering.length; enters++) {
      const { at } = entering[enters];
      const [dx, dy, dz] = [at[0] - x, at[1] - y, at[2] - z];
      const squared = dx * dx + dy * dy + dz * dz;
      if (squared >= least) continue;
      least = squared;
      best = { leaves, enters };
    }
  }
  return best;
}

/** Values of voxels that have changed places: those that enter rank where the others ranked. */
export function tradeValues(values: Float64Array, trades: readonly Trade[]): void {
  for (const [leaves, enters] of trades) [values[leaves], values[enters]] = [values[enters], values[leaves]];
}

export function tradeMarks(marks: Uint8Array, trades: readonly Trade[]): void {
  for (const [leaves, enters] of trades) [marks[leaves], marks[enters]] = [0, 1];
}

interface Candidate {
  voxel: number;
  /** mm along the axes of the grid. */
  at: Vec3;
}

function candidates({ grid, values, marks, cut }: RankedVoxels, mark: number): Candidate[] {
  const [nx, ny] = grid.size;
  const { places } = latticeOf(grid);
  const withinMm = passedWithinMm(grid);
  const apartMm = (v: number) => Math.abs(values[v] - cut);
  const found: number[] = [];
  for (let v = 0; v < values.length; v++) if (marks[v] === mark && apartMm(v) <= withinMm) found.push(v);
  return found
    .sort((a, b) => apartMm(a) - apartMm(b) || mixed(a) - mixed(b))
    .slice(0, CANDIDATES)
    .map((voxel) => {
      const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
      return { voxel, at: index.map((n, axis) => places[axis][n]) as Vec3 };
    });
}
