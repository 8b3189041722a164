import { BadInput } from '../../errors.ts';
import { int32At, kernels, place, uint16At, uint32At } from '../kernels/kernels.ts';
import type { VoxelRoi } from './roi.ts';

/**
 * A region with a grey level at each voxel. Matrices are kept over the levels that occur, in ascending order; a level's
 * place in that order, from 1, is its rank. The level numbers themselves enter the formulas.
 */
export interface LevelImage {
  roi: VoxelRoi;
  /** Rank of the level at each voxel of the region's box; 0 outside the region. */
  ranks: Uint16Array;
  /** Level number of each rank, levels[rank - 1], ascending. */
  levels: Float64Array;
  /** Voxels of each rank, counts[rank - 1]. */
  counts: Uint32Array;
  /** Ng: the number of levels that count, whether they occur or not. */
  levelCount: number;
}

/** More levels than this make matrices of gigabytes; the cure is a wider bin. */
export const MAX_OCCURRING_LEVELS = 4096;
const MAX_LEVELS = 32767;

/**
 * Puts level numbers (from 1, one per voxel of the region) into the region's box. `levelCount` is Ng.
 * @throws BadInput when there are too many levels
 */
export function levelImage(roi: VoxelRoi, levelOfVoxel: Int32Array, levelCount: number): LevelImage {
  if (levelCount > MAX_LEVELS) throw tooManyLevels(levelCount, MAX_LEVELS);
  const { spans, size } = roi;
  const ranks = new Uint16Array(size[0] * size[1] * size[2]);
  const [levelsAt, voxelsAt, rankOfLevelAt, spansAt, boxAt] = place(levelOfVoxel, [
    ...[4 * (levelCount + 1), 2 * (levelCount + 1), spans.byteLength, ranks.byteLength],
  ]);
  const voxelsOfLevel = uint32At(voxelsAt, levelCount + 1).fill(0);
  kernels().countLevels(levelsAt, levelOfVoxel.length, voxelsAt);
  const rankOfLevel = uint16At(rankOfLevelAt, levelCount + 1);
  const levels: number[] = [];
  for (let level = 1; level <= levelCount; level++) {
    if (voxelsOfLevel[level] > 0) rankOfLevel[level] = levels.push(level);
  }
  if (levels.length > MAX_OCCURRING_LEVELS) throw tooManyLevels(levels.length, MAX_OCCURRING_LEVELS);
  const counts = Uint32Array.from(levels, (level) => voxelsOfLevel[level]);
  int32At(spansAt, spans.length).set(spans);
  const box = uint16At(boxAt, ranks.length).fill(0);
  kernels().placeRanks(levelsAt, rankOfLevelAt, spansAt, spans.length / 2, boxAt);
  ranks.set(box);
  return { roi, ranks, levels: Float64Array.from(levels), counts, levelCount };
}

function tooManyLevels(count: number, limit: number): BadInput {
  return new BadInput(
    `${count} grey levels are more than the limit of ${limit} for texture matrices; use a larger binWidth, or a binCount`,
  );
}
