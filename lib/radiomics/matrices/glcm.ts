import type { Vec3 } from '../../math/vec3.ts';
import { float64At, int32At, kernels, place, uint32At } from '../kernels/kernels.ts';
import type { LevelImage } from '../levels.ts';
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

/** Several banks of counters keep the increments of neighbouring voxels, often of one cell, independent. */
const MAX_LEVELS_FOR_BANKS = 128;

/**
 * Grey-level co-occurrence matrix of one direction (IBSI LFYI): pairs (level at a voxel, level at voxel + offset), both
 * in the region; row and column 0 of the kernel's table collect the neighbours outside, which is cheaper than asking. `symmetric` adds the transpose, that is the opposite direction.
 */
export function cooccurrence(image: LevelImage, offset: Vec3, symmetric: boolean): CooccurrenceMatrix {
  const n = image.levels.length;
  const side = n + 1;
  const cells = side * side;
  const banks = n <= MAX_LEVELS_FOR_BANKS ? 4 : 1;
  const { spans, size } = image.roi;
  const [ranks, spansAt, table, counts] = place(image.ranks, [spans.byteLength, 4 * banks * cells, 8 * n * n]);
  int32At(spansAt, spans.length).set(spans);
  uint32At(table, banks * cells).fill(0);
  kernels().countPairs(ranks, spansAt, spans.length / 2, stride(size, offset), table, side, banks);
  kernels().collectPairs(table, side, banks, symmetric ? 1 : 0, counts);
  return { levels: image.levels, levelCount: image.levelCount, counts: float64At(counts, n * n).slice(), symmetric };
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
