import type { CooccurrenceMatrix } from '../matrices/glcm.ts';
import { EPSILON } from './entropy.ts';
import { dominantEigenvalue } from './lanczos.ts';

/**
 * Maximal correlation coefficient of a co-occurrence matrix: the square root of the second largest eigenvalue of
 * Q(i, j) = sum_k p(i, k) p(j, k) / (px(i) py(k) + eps). Q has, but for terms of second order in eps, the eigenvalues of
 * B B' with B(i, k) = p(i, k) / sqrt(px(i) py(k) + eps), so the answer is the second singular value of B. The first is 1
 * with the vector sqrt(px), which is taken out. 1 when fewer than two levels occur.
 * `rows` and `columns` are the marginal counts and `total` their sum.
 */
export function maximalCorrelation(
  matrix: CooccurrenceMatrix,
  rows: Float64Array,
  columns: Float64Array,
  total: number,
): number {
  const n = rows.length;
  if (n < 2) return 1;
  if (!(total > 0)) return Number.NaN;
  const rootX = rows.map((count) => Math.sqrt(count / total));
  const b = normalized(matrix.counts, rows, columns, total);
  const between = new Float64Array(n);
  const apply = matrix.symmetric
    ? (x: Float64Array, y: Float64Array) => multiply(b, x, y)
    : (x: Float64Array, y: Float64Array) => {
        multiplyTransposed(b, x, between);
        multiply(b, between, y);
      };
  const value = dominantEigenvalue(apply, startVector(matrix.levels, rootX), rootX);
  return matrix.symmetric ? Math.abs(value) : Math.sqrt(Math.max(0, value));
}

/** Rows with the stretch that is not zero: co-occurrences gather about the diagonal. */
interface BandMatrix {
  n: number;
  values: Float64Array;
  first: Int32Array;
  end: Int32Array;
}

function normalized(counts: Float64Array, rows: Float64Array, columns: Float64Array, total: number): BandMatrix {
  const n = rows.length;
  const epsilon = EPSILON * total * total;
  const band: BandMatrix = { n, values: new Float64Array(n * n), first: new Int32Array(n), end: new Int32Array(n) };
  for (let i = 0; i < n; i++) {
    let first = 0;
    let end = n;
    while (first < n && counts[i * n + first] === 0) first++;
    while (end > first && counts[i * n + end - 1] === 0) end--;
    for (let k = first; k < end; k++) {
      const count = counts[i * n + k];
      if (count !== 0) band.values[i * n + k] = count / Math.sqrt(rows[i] * columns[k] + epsilon);
    }
    band.first[i] = first;
    band.end[i] = end;
  }
  return band;
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

function multiply({ n, values, first, end }: BandMatrix, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const last = end[i];
    let k = first[i];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (; k + 3 < last; k += 4) {
      a += values[row + k] * x[k];
      b += values[row + k + 1] * x[k + 1];
      c += values[row + k + 2] * x[k + 2];
      d += values[row + k + 3] * x[k + 3];
    }
    for (; k < last; k++) a += values[row + k] * x[k];
    y[i] = a + b + (c + d);
  }
}

function multiplyTransposed({ n, values, first, end }: BandMatrix, x: Float64Array, y: Float64Array): void {
  y.fill(0);
  for (let i = 0; i < n; i++) {
    const factor = x[i];
    for (let k = first[i], p = i * n + k; k < end[i]; k++, p++) y[k] += values[p] * factor;
  }
}
