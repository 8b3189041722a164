import { float64At, kernels, placeBeside } from '../kernels/kernels.ts';
import type { CooccurrenceMatrix } from '../matrices/glcm.ts';
import { EPSILON } from './entropy.ts';

const MAX_STEPS = 300;

/**
 * Maximal correlation coefficient of a co-occurrence matrix: the square root of the second largest eigenvalue of
 * Q(i, j) = sum_k p(i, k) p(j, k) / (px(i) py(k) + eps). Q has, but for terms of second order in eps, the eigenvalues of
 * B B' with B(i, k) = p(i, k) / sqrt(px(i) py(k) + eps), so the answer is the second singular value of B. The first is 1
 * with the vector sqrt(px), which is taken out. 1 when fewer than two levels occur.
 * `rows` and `columns` are the marginal counts and `total` their sum.
 */
export function maximalCorrelation(
  { counts, levels, symmetric }: CooccurrenceMatrix,
  rows: Float64Array,
  columns: Float64Array,
  total: number,
): number {
  const n = rows.length;
  if (n < 2) return 1;
  if (!(total > 0)) return Number.NaN;
  const rootX = rows.map((count) => Math.sqrt(count / total));
  const steps = Math.min(MAX_STEPS, n);
  const lengths = [n * n, n, n, n, n, steps * n, 2 * n + 2 * steps];
  const [countsAt, rowsAt, columnsAt, start, excluded, basis, scratch] = placeBeside(
    lengths.map((length) => 8 * length),
  );
  float64At(countsAt, n * n).set(counts);
  float64At(rowsAt, n).set(rows);
  float64At(columnsAt, n).set(columns);
  float64At(start, n).set(startVector(levels, rootX));
  float64At(excluded, n).set(rootX);
  const value = kernels().dominantEigenvalue(
    ...([countsAt, rowsAt, columnsAt, EPSILON * total * total, n, symmetric ? 1 : 0] as const),
    ...([start, excluded, basis, scratch, steps] as const),
  );
  return symmetric ? Math.abs(value) : Math.sqrt(Math.max(0, value));
}

/** Levels about their mean: close to the answer for smooth textures. The ripple meets vectors that are even in the level. */
function startVector(levels: Float64Array, rootX: Float64Array): Float64Array {
  let mean = 0;
  let square = 0;
  for (let n = 0; n < levels.length; n++) {
    mean += levels[n] * rootX[n] * rootX[n];
    square += levels[n] * levels[n] * rootX[n] * rootX[n];
  }
  const spread = Math.sqrt(Math.max(square - mean * mean, 1e-12));
  return rootX.map((root, n) => root * ((levels[n] - mean) / spread) + 0.01 * Math.sin(1 + 7 * n + n * n));
}
