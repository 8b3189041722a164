import type { Vec3 } from '../../math/vec3.ts';
import type { CooccurrenceMatrix } from '../matrices/glcm.ts';
import type { LevelImage } from '../region/levels.ts';
import { EPSILON, entropy } from './entropy.ts';
import { directionStatistics, type PairStatistics, pairStatistics } from './pair-statistics.ts';

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
  return featuresOf(pairStatistics(matrix), matrix);
}

/** The features of every direction that has pairs. */
export function directionFeatures(image: LevelImage, offsets: readonly Vec3[], symmetric: boolean): GlcmFeatures[] {
  const features: GlcmFeatures[] = [];
  for (const statistics of directionStatistics(image, offsets, symmetric)) features.push(featuresOf(statistics, image));
  return features;
}

function featuresOf(
  statistics: PairStatistics,
  { levels, levelCount }: { levels: Float64Array; levelCount: number },
): GlcmFeatures {
  const m = withMeans(statistics, levels);
  const shape = momentsAboutMeans(levels, m);
  const difference = differenceFeatures(levelCount, m);
  const joint = -m.logarithms / m.total - (m.filled * EPSILON) / Math.LN2;
  const information = informationFeatures(m, joint);
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
    MCC: m.maximalCorrelation,
    MaximumProbability: m.largest / m.total,
    SumAverage: m.meanX + m.meanY,
    SumEntropy: entropy(m.bySum, m.total),
    SumSquares: shape.varianceX,
  };
}

/** Entropies that differ by less are equal: levels that do not depend on each other. */
const ROUND_OFF = 1e-14;

type Statistics = PairStatistics & { meanX: number; meanY: number };

function withMeans(statistics: PairStatistics, levels: Float64Array): Statistics {
  const { rows, columns, total } = statistics;
  let [sumX, sumY] = [0, 0];
  for (let n = 0; n < levels.length; n++) {
    sumX += levels[n] * rows[n];
    sumY += levels[n] * columns[n];
  }
  return { ...statistics, meanX: sumX / total, meanY: sumY / total };
}

function momentsAboutMeans(levels: Float64Array, m: Statistics) {
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

function differenceFeatures(levelCount: number, m: Statistics) {
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
 * Informational measures of correlation (IBSI R8DG, JN9H). log2(px py + eps) is log2 px + log2 py + log2(1 + eps / (px py)),
 * so that no cell needs a logarithm.
 */
function informationFeatures({ rows, columns, total, correction, symmetric }: Statistics, hxy: number) {
  const { plain: plainX, filled: filledX } = marginalEntropy(rows, total);
  const { plain: plainY, filled: filledY } = symmetric
    ? { plain: plainX, filled: filledX }
    : marginalEntropy(columns, total);
  const hxy1 = plainX + plainY - correction / Math.LN2;
  const hxy2 = plainX + plainY - (EPSILON * filledX * filledY) / Math.LN2;
  const largest = Math.max(plainX - (EPSILON * filledX) / Math.LN2, plainY - (EPSILON * filledY) / Math.LN2);
  const imc1 = largest === 0 ? 0 : (hxy - hxy1) / largest;
  const dependence = hxy2 - hxy;
  const imc2 = Math.abs(dependence) < ROUND_OFF ? 0 : Math.sqrt(1 - Math.exp(-2 * dependence));
  return { imc1, imc2 };
}

/** Without epsilon, and how many counts are above 0. */
function marginalEntropy(counts: Float64Array, total: number): { plain: number; filled: number } {
  let [plain, filled] = [0, 0];
  for (let n = 0; n < counts.length; n++) {
    if (counts[n] === 0) continue;
    plain -= (counts[n] / total) * Math.log2(counts[n] / total);
    filled++;
  }
  return { plain, filled };
}
