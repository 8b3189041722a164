/**
 * How often a grey level (row) occurs with a size (column): a run length, zone size, zone distance or number of
 * dependent neighbours. Only sizes that occur have a column.
 */
export interface SizeMatrix {
  /** Level number of each row. */
  levels: Float64Array;
  /** Size of each column, ascending. */
  sizes: Float64Array;
  /** counts[row * sizes.length + column]; whole numbers unless directions were merged with weights. */
  counts: Float64Array;
}

/** Drops the columns that hold nothing from a table counts[row * width + size]. */
export function sizeMatrix(levels: Float64Array, table: ArrayLike<number>, width: number): SizeMatrix {
  const rows = levels.length;
  const used = new Uint8Array(width);
  for (let row = 0, p = 0; row < rows; row++) {
    for (let size = 0; size < width; size++, p++) if (table[p] !== 0) used[size] = 1;
  }
  const sizes: number[] = [];
  for (let size = 0; size < width; size++) if (used[size] === 1) sizes.push(size);
  const counts = new Float64Array(rows * sizes.length);
  for (let row = 0, p = 0; row < rows; row++) {
    for (let column = 0; column < sizes.length; column++) counts[p++] = table[row * width + sizes[column]];
  }
  return { levels, sizes: Float64Array.from(sizes), counts };
}

/** A matrix from a list of (rank, size) pairs of whole numbers, for sizes too large for a table: zones. */
export function sizeMatrixOfPairs(
  levels: Float64Array,
  ranks: ArrayLike<number>,
  sizes: ArrayLike<number>,
): SizeMatrix {
  let largest = 0;
  for (let n = 0; n < sizes.length; n++) if (sizes[n] > largest) largest = sizes[n];
  const columnOfSize = new Int32Array(largest + 1);
  for (let n = 0; n < sizes.length; n++) columnOfSize[sizes[n]] = 1;
  const distinct: number[] = [];
  for (let size = 0; size <= largest; size++) {
    if (columnOfSize[size] === 1) columnOfSize[size] = distinct.push(size) - 1;
  }
  const counts = new Float64Array(levels.length * distinct.length);
  for (let n = 0; n < ranks.length; n++) counts[(ranks[n] - 1) * distinct.length + columnOfSize[sizes[n]]] += 1;
  return { levels, sizes: Float64Array.from(distinct), counts };
}

/** Sum of matrices over the same levels, each with a weight: directions or slices merged before the features. */
export function mergeSizeMatrices(matrices: readonly SizeMatrix[], weights?: readonly number[]): SizeMatrix {
  const levels = matrices[0].levels;
  const sizes = Float64Array.from(new Set(matrices.flatMap((m) => Array.from(m.sizes)))).sort();
  const columnOfSize = new Map(Array.from(sizes, (size, column) => [size, column]));
  const counts = new Float64Array(levels.length * sizes.length);
  matrices.forEach((matrix, n) => {
    const weight = weights?.[n] ?? 1;
    const width = matrix.sizes.length;
    for (let column = 0; column < width; column++) {
      const to = columnOfSize.get(matrix.sizes[column])!;
      for (let row = 0; row < levels.length; row++) {
        counts[row * sizes.length + to] += weight * matrix.counts[row * width + column];
      }
    }
  });
  return { levels, sizes, counts };
}
