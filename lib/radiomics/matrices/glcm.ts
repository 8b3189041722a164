import type { Vec3 } from '../../math/vec3.ts';
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

/** A second bank of counters keeps the increments of neighbouring voxels, often of one cell, independent. */
const MAX_LEVELS_FOR_TWO_BANKS = 512;

/**
 * Grey-level co-occurrence matrix of one direction (IBSI LFYI): pairs (level at a voxel, level at voxel + offset), both
 * in the region. `symmetric` adds the transpose, that is the opposite direction.
 */
export function cooccurrence(image: LevelImage, offset: Vec3, symmetric: boolean): CooccurrenceMatrix {
  const n = image.levels.length;
  const side = n + 1;
  const banks = n <= MAX_LEVELS_FOR_TWO_BANKS ? 2 : 1;
  const table = new Uint32Array(banks * side * side);
  countPairs(image, stride(image.roi.size, offset), table, (banks - 1) * side * side);
  const counts = new Float64Array(n * n);
  for (let bank = 0; bank < banks; bank++) {
    for (let row = 0; row < n; row++) {
      const from = bank * side * side + (row + 1) * side + 1;
      for (let column = 0; column < n; column++) counts[row * n + column] += table[from + column];
    }
  }
  if (symmetric) addTranspose(counts, n);
  return { levels: image.levels, levelCount: image.levelCount, counts, symmetric };
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

/** Row and column 0 collect the neighbours outside the region: cheaper than asking. */
function countPairs(image: LevelImage, step: number, table: Uint32Array, secondBank: number): void {
  const { ranks, roi, levels } = image;
  const { spans } = roi;
  const side = levels.length + 1;
  for (let s = 0; s < spans.length; s += 2) {
    const end = spans[s + 1];
    let p = spans[s];
    for (; p + 1 < end; p += 2) {
      table[ranks[p] * side + ranks[p + step]]++;
      table[ranks[p + 1] * side + ranks[p + 1 + step] + secondBank]++;
    }
    if (p < end) table[ranks[p] * side + ranks[p + step]]++;
  }
}

function addTranspose(counts: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = row; column < n; column++) {
      const sum = counts[row * n + column] + counts[column * n + row];
      counts[row * n + column] = sum;
      counts[column * n + row] = sum;
    }
  }
}
