import type { SizeMatrix } from '../matrices/size-matrix.ts';
import { entropy } from './entropy.ts';

/**
 * The one pattern behind the features of run length, size zone, distance zone and dependence matrices, with i the level
 * and j the size: short is 1/j², long j², low 1/i², high i². Formulas: IBSI 1, chapters 3.7 to 3.11 (codes: `columns.ts`).
 */
export interface SizeMatrixFeatures {
  /** Sum of the matrix: runs, zones or voxels. */
  total: number;
  short: number;
  long: number;
  low: number;
  high: number;
  shortLow: number;
  shortHigh: number;
  longLow: number;
  longHigh: number;
  levelNonUniformity: number;
  levelNonUniformityNormalized: number;
  sizeNonUniformity: number;
  sizeNonUniformityNormalized: number;
  levelVariance: number;
  sizeVariance: number;
  entropy: number;
  /** Sum of p². */
  energy: number;
  /** total / sum of count · j: the share of the voxels, when sizes count voxels. */
  percentage: number;
}

export function sizeMatrixFeatures(matrix: SizeMatrix): SizeMatrixFeatures {
  const { levels, sizes, counts } = matrix;
  const rows = levels.length;
  const columns = sizes.length;
  const byLevel = new Float64Array(rows);
  const bySize = new Float64Array(columns);
  let [shortLow, shortHigh, longLow, longHigh, squares] = [0, 0, 0, 0, 0];
  for (let row = 0, p = 0; row < rows; row++) {
    const i2 = levels[row] * levels[row];
    let [all, short, long] = [0, 0, 0];
    for (let column = 0; column < columns; column++, p++) {
      const count = counts[p];
      if (count === 0) continue;
      const j2 = sizes[column] * sizes[column];
      bySize[column] += count;
      all += count;
      short += count / j2;
      long += count * j2;
      squares += count * count;
    }
    byLevel[row] = all;
    shortLow += short / i2;
    shortHigh += short * i2;
    longLow += long / i2;
    longHigh += long * i2;
  }
  const level = marginal(byLevel, levels);
  const size = marginal(bySize, sizes);
  const total = level.total;
  return {
    total,
    short: size.inverseSquares / total,
    long: size.squares / total,
    low: level.inverseSquares / total,
    high: level.squares / total,
    shortLow: shortLow / total,
    shortHigh: shortHigh / total,
    longLow: longLow / total,
    longHigh: longHigh / total,
    levelNonUniformity: level.nonUniformity / total,
    levelNonUniformityNormalized: level.nonUniformity / (total * total),
    sizeNonUniformity: size.nonUniformity / total,
    sizeNonUniformityNormalized: size.nonUniformity / (total * total),
    levelVariance: level.variance,
    sizeVariance: size.variance,
    entropy: entropy(counts, total),
    energy: squares / (total * total),
    percentage: total / size.sum,
  };
}

function marginal(counts: Float64Array, values: Float64Array) {
  let [total, sum, squares, inverseSquares, nonUniformity] = [0, 0, 0, 0, 0];
  for (let n = 0; n < counts.length; n++) {
    const count = counts[n];
    const value = values[n];
    if (count === 0) continue;
    total += count;
    sum += count * value;
    squares += count * value * value;
    inverseSquares += count / (value * value);
    nonUniformity += count * count;
  }
  const mean = sum / total;
  let variance = 0;
  for (let n = 0; n < counts.length; n++) variance += (counts[n] / total) * (values[n] - mean) ** 2;
  return { total, sum, squares, inverseSquares, nonUniformity, variance };
}
