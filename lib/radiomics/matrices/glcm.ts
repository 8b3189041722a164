import type { Vec3 } from '../../math/vec3.ts';
import { float64At, int32At, kernels, place, uint32At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
import { stride } from './directions.ts';

/** How often level i (row) is followed by level j (column) at an offset, over the levels that occur. */
export interface CooccurrenceMatrix {
  /** Level number of each row and column. */
  levels: Float64Array;
  /** Ng: highest level number. */
  levelCount: number;
  /** counts[row * levels.length + column]. */
  counts: Float64Array;
  /** Whether the matrix is its own transpose. */
  symmetric: boolean;
}

/**
 * Grey-level co-occurrence matrix of one direction (IBSI LFYI): pairs (level at a voxel, level at voxel + offset), both in
 * the region. `symmetric` adds the transpose, that is the opposite direction.
 */
export function cooccurrence(image: LevelImage, offset: Vec3, symmetric: boolean): CooccurrenceMatrix {
  return cooccurrences(image, [offset], symmetric)[0];
}

/** The matrices of several directions. */
export function cooccurrences(image: LevelImage, offsets: readonly Vec3[], symmetric: boolean): CooccurrenceMatrix[] {
  const { levels, levelCount, ranks } = image;
  const n = levels.length;
  return directionGroups(image, offsets).flatMap((group) => {
    const [ranksAt, countsAt, ...tables] = place(ranks, [8 * n * n, ...pairTableLengths(image, group.length)]);
    countPairTables(image, group, [ranksAt, ...tables]);
    return group.map((_, direction) => {
      kernels().collectPairs(tables[2] + direction * pairTableBytes(n), n + 1, symmetric ? 1 : 0, countsAt);
      return { levels, levelCount, counts: float64At(countsAt, n * n).slice(), symmetric };
    });
  });
}

/** Several tables are filled in one pass over the region as long as they stay in the cache. */
const MOST_BYTES_AT_ONCE = 1 << 20;
const GROUP_SIZES = [8, 4, 1];

/** Directions to be counted together: eight, four or one at a time. */
export function directionGroups({ levels }: LevelImage, offsets: readonly Vec3[]): Vec3[][] {
  const groups: Vec3[][] = [];
  for (let n = 0; n < offsets.length; n += groups[groups.length - 1].length) {
    const fits = (size: number) =>
      size === 1 || (n + size <= offsets.length && size * pairTableBytes(levels.length) <= MOST_BYTES_AT_ONCE);
    groups.push(offsets.slice(n, n + GROUP_SIZES.find(fits)!));
  }
  return groups;
}

/** Byte lengths of what `countPairTables` takes beside the ranks: spans, steps and a table per direction of the group. */
export function pairTableLengths({ roi, levels }: LevelImage, directions: number): number[] {
  return [roi.spans.byteLength, 4 * directions, directions * pairTableBytes(levels.length)];
}

/** Of one direction's table, which has a row and a column for the voxels outside. */
export function pairTableBytes(levels: number): number {
  return 4 * (levels + 1) ** 2;
}

/** Counts a group of directions into tables that lie one behind the other. */
export function countPairTables(image: LevelImage, group: Vec3[], [ranks, spansAt, stepsAt, tables]: number[]): void {
  const { spans, size } = image.roi;
  const side = image.levels.length + 1;
  const steps = group.map((offset) => stride(size, offset));
  int32At(spansAt, spans.length).set(spans);
  int32At(stepsAt, steps.length).set(steps);
  uint32At(tables, steps.length * side * side).fill(0);
  if (steps.length === 8) kernels().countPairsOfEight(ranks, spansAt, spans.length / 2, stepsAt, tables, side);
  else if (steps.length === 4) kernels().countPairsOfFour(ranks, spansAt, spans.length / 2, stepsAt, tables, side);
  else kernels().countPairs(ranks, spansAt, spans.length / 2, steps[0], tables, side);
}

/** Sum of matrices over the same levels, each with a weight: directions or slices merged before the features. */
export function mergeCooccurrence(
  matrices: readonly CooccurrenceMatrix[],
  weights?: readonly number[],
): CooccurrenceMatrix {
  const counts = new Float64Array(matrices[0].counts.length);
  matrices.forEach((matrix, m) => {
    const weight = weights?.[m] ?? 1;
    for (let p = 0; p < counts.length; p++) counts[p] += weight * matrix.counts[p];
  });
  return { ...matrices[0], counts };
}
