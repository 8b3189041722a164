import type { CooccurrenceMatrix } from '../matrices/glcm.ts';
import { EPSILON, entropy } from './entropy.ts';
import { maximalCorrelation } from './maximal-correlation.ts';

/** Features of one co-occurrence matrix, IBSI 1 chapter 3.6; the field names are PyRadiomics'. NaN where undefined. */
export interface GlcmFeatures {
  Autocorrelation: number;
  ClusterProminence: number;
  ClusterShade: number;
  ClusterTendency: number;
  Contrast: number;
  Correlation: number;
  DifferenceAverage: number;
  DifferenceEntropy: number;
  DifferenceVariance: number;
  Id: number;
  Idm: number;
  Idmn: number;
  Idn: number;
  Imc1: number;
  Imc2: number;
  InverseVariance: number;
  JointAverage: number;
  JointEnergy: number;
  JointEntropy: number;
  MCC: number;
  MaximumProbability: number;
  SumAverage: number;
  SumEntropy: number;
  SumSquares: number;
}

export function glcmFeatures(matrix: CooccurrenceMatrix): GlcmFeatures {
  const m = marginals(matrix);
  const shape = momentsAboutMeans(matrix, m);
  const difference = differenceFeatures(matrix, m);
  const joint = entropy(matrix.counts, m.total);
  const information = informationFeatures(matrix, m, joint);
  return {
    Autocorrelation: m.product / m.total,
    ClusterProminence: shape.prominence,
    ClusterShade: shape.shade,
    ClusterTendency: shape.tendency,
    Contrast: difference.contrast,
    Correlation: shape.correlation,
    DifferenceAverage: difference.average,
    DifferenceEntropy: difference.entropy,
    DifferenceVariance: difference.variance,
    Id: difference.id,
    Idm: difference.idm,
    Idmn: difference.idmn,
    Idn: difference.idn,
    Imc1: information.imc1,
    Imc2: information.imc2,
    InverseVariance: difference.inverseVariance,
    JointAverage: m.meanX,
    JointEnergy: m.squares / (m.total * m.total),
    JointEntropy: joint,
    MCC: maximalCorrelation(matrix, m.rows, m.columns, m.total),
    MaximumProbability: m.largest / m.total,
    SumAverage: m.meanX + m.meanY,
    SumEntropy: entropy(m.bySum, m.total),
    SumSquares: shape.varianceX,
  };
}

/** Entropies that differ by less are equal: levels that do not depend on each other. */
const ROUND_OFF = 1e-14;

interface Marginals {
  total: number;
  /** Counts by row, column, sum of levels and difference of levels. */
  rows: Float64Array;
  columns: Float64Array;
  bySum: Float64Array;
  byDifference: Float64Array;
  meanX: number;
  meanY: number;
  /** Sums of count · i · j and count². */
  product: number;
  squares: number;
  largest: number;
}

function marginals({ levels, levelCount, counts }: CooccurrenceMatrix): Marginals {
  const n = levels.length;
  const level = Int32Array.from(levels);
  const rows = new Float64Array(n);
  const columns = new Float64Array(n);
  const bySum = new Float64Array(2 * levelCount + 1);
  const byDifference = new Float64Array(levelCount + 1);
  let [product, squares, largest, total, sumX, sumY] = [0, 0, 0, 0, 0, 0];
  for (let row = 0, p = 0; row < n; row++) {
    const i = level[row];
    let all = 0;
    let weighted = 0;
    for (let column = 0; column < n; column++, p++) {
      const count = counts[p];
      const j = level[column];
      all += count;
      weighted += count * j;
      columns[column] += count;
      bySum[i + j] += count;
      byDifference[Math.abs(i - j)] += count;
      squares += count * count;
      largest = Math.max(largest, count);
    }
    rows[row] = all;
    product += i * weighted;
    total += all;
    sumX += i * all;
    sumY += weighted;
  }
  const [meanX, meanY] = [sumX / total, sumY / total];
  return { total, rows, columns, bySum, byDifference, meanX, meanY, product, squares, largest };
}

function momentsAboutMeans({ levels }: CooccurrenceMatrix, m: Marginals) {
  let [varianceX, varianceY] = [0, 0];
  for (let n = 0; n < levels.length; n++) {
    varianceX += (m.rows[n] / m.total) * (levels[n] - m.meanX) ** 2;
    varianceY += (m.columns[n] / m.total) * (levels[n] - m.meanY) ** 2;
  }
  let [tendency, shade, prominence] = [0, 0, 0];
  for (let sum = 2; sum < m.bySum.length; sum++) {
    if (m.bySum[sum] === 0) continue;
    const d = sum - m.meanX - m.meanY;
    const term = (m.bySum[sum] / m.total) * d * d;
    tendency += term;
    shade += term * d;
    prominence += term * d * d;
  }
  const spread = Math.sqrt(varianceX) * Math.sqrt(varianceY);
  const covariance = (tendency - varianceX - varianceY) / 2;
  const correlation = spread === 0 ? 1 : covariance / (spread + EPSILON);
  return { varianceX, tendency, shade, prominence, correlation };
}

function differenceFeatures({ levelCount }: CooccurrenceMatrix, m: Marginals) {
  let [average, contrast, id, idm, idn, idmn, inverseVariance] = [0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < levelCount; k++) {
    if (m.byDifference[k] === 0) continue;
    const p = m.byDifference[k] / m.total;
    average += p * k;
    contrast += p * k * k;
    id += p / (1 + k);
    idm += p / (1 + k * k);
    idn += p / (1 + k / levelCount);
    idmn += p / (1 + (k * k) / (levelCount * levelCount));
    if (k > 0) inverseVariance += p / (k * k);
  }
  let variance = 0;
  for (let k = 0; k < levelCount; k++) variance += (m.byDifference[k] / m.total) * (k - average) ** 2;
  return {
    average,
    contrast,
    id,
    idm,
    idn,
    idmn,
    inverseVariance,
    variance,
    entropy: entropy(m.byDifference, m.total),
  };
}

/**
 * Informational measures of correlation (IBSI R8DG, JN9H). log2(px py + eps) is log2 px + log2 py + eps / (px py ln 2)
 * to first order, so that no cell needs a logarithm unless px py is so small that the order shows.
 */
function informationFeatures({ counts }: CooccurrenceMatrix, m: Marginals, hxy: number) {
  const { rows, columns, total } = m;
  const n = rows.length;
  const plainX = plainEntropy(rows, total);
  const plainY = plainEntropy(columns, total);
  const filledX = rows.reduce((filled, count) => filled + (count > 0 ? 1 : 0), 0);
  const filledY = columns.reduce((filled, count) => filled + (count > 0 ? 1 : 0), 0);
  let correction = 0;
  for (let row = 0, p = 0; row < n; row++) {
    const perRow = EPSILON / (rows[row] / total);
    for (let column = 0; column < n; column++, p++) {
      if (counts[p] === 0) continue;
      const relative = perRow / (columns[column] / total);
      correction += (counts[p] / total) * (relative < 1e-5 ? relative : Math.log1p(relative));
    }
  }
  const hxy1 = plainX + plainY - correction / Math.LN2;
  const hxy2 = plainX + plainY - (EPSILON * filledX * filledY) / Math.LN2;
  const largest = Math.max(plainX - (EPSILON * filledX) / Math.LN2, plainY - (EPSILON * filledY) / Math.LN2);
  const imc1 = largest === 0 ? 0 : (hxy - hxy1) / largest;
  const dependence = hxy2 - hxy;
  const imc2 = Math.abs(dependence) < ROUND_OFF ? 0 : Math.sqrt(1 - Math.exp(-2 * dependence));
  return { imc1, imc2 };
}

function plainEntropy(counts: Float64Array, total: number): number {
  let sum = 0;
  for (let n = 0; n < counts.length; n++) {
    if (counts[n] > 0) sum -= (counts[n] / total) * Math.log2(counts[n] / total);
  }
  return sum;
}
