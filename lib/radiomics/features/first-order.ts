import { float64At, kernels, place } from '../kernels/kernels.ts';
import { entropy } from './entropy.ts';
import { orderStatistics } from './order-statistics.ts';

/** Field names are PyRadiomics'; the last is computed there only by name. In the image's unit, its square, or none. */
export interface FirstOrderFeatures {
  '10Percentile': number;
  '90Percentile': number;
  Energy: number;
  Entropy: number;
  InterquartileRange: number;
  Kurtosis: number;
  Maximum: number;
  MeanAbsoluteDeviation: number;
  Mean: number;
  Median: number;
  Minimum: number;
  Range: number;
  RobustMeanAbsoluteDeviation: number;
  RootMeanSquared: number;
  Skewness: number;
  TotalEnergy: number;
  Uniformity: number;
  Variance: number;
  StandardDeviation: number;
}

/**
 * Statistics of a region's values (IBSI 1, chapter 3.3; kurtosis is not the excess). `levelCounts` are the voxels per grey
 * level, for entropy and uniformity, which have no value without them; `shift` is added to the values in the energies and the root mean square.
 */
export function firstOrderFeatures(
  values: Float64Array,
  levelCounts: ArrayLike<number> | undefined,
  voxelVolumeMm3: number,
  shift = 0,
): FirstOrderFeatures {
  const n = values.length;
  const { minimum, maximum, mean, energy } = sums(values, shift);
  const [p10, p25, median, p75, p90] = percentiles(values, [0.1, 0.25, 0.5, 0.75, 0.9]);
  const { m2, m3, m4, absolute } = centralMoments(values, mean);
  return {
    '10Percentile': p10,
    '90Percentile': p90,
    Energy: energy,
    Entropy: levelCounts === undefined ? Number.NaN : entropy(levelCounts, n),
    InterquartileRange: p75 - p25,
    Kurtosis: m2 === 0 ? 0 : m4 / (m2 * m2),
    Maximum: maximum,
    MeanAbsoluteDeviation: absolute,
    Mean: mean,
    Median: median,
    Minimum: minimum,
    Range: maximum - minimum,
    RobustMeanAbsoluteDeviation: robustDeviation(values, p10, p90),
    RootMeanSquared: Math.sqrt(energy / n),
    Skewness: m2 === 0 ? 0 : m3 / m2 ** 1.5,
    TotalEnergy: energy * voxelVolumeMm3,
    Uniformity: levelCounts === undefined ? Number.NaN : uniformity(levelCounts, n),
    Variance: m2,
    StandardDeviation: Math.sqrt(m2),
  };
}

/** Values at the shares `q` of the ordered values, linear between neighbours: position q (N - 1). */
export function percentiles(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1;
  const places = shares.map((share) => share * last);
  const wanted = places.flatMap((place) => [Math.floor(place), Math.min(Math.floor(place) + 1, last)]);
  const found = orderStatistics(values, wanted);
  return places.map((place, n) => {
    const [below, above] = [found[2 * n], found[2 * n + 1]];
    return below + (above - below) * (place - Math.floor(place));
  });
}

function sums(values: Float64Array, shift: number) {
  const [at, sumsAt] = place(values, [32]);
  kernels().sumValues(at, values.length, shift, sumsAt);
  const [minimum, maximum, sum, energy] = float64At(sumsAt, 4);
  return { minimum, maximum, mean: sum / values.length, energy };
}

function centralMoments(values: Float64Array, mean: number) {
  const [at, sumsAt] = place(values, [32]);
  kernels().sumPowers(at, values.length, mean, sumsAt);
  const [m2, m3, m4, absolute] = float64At(sumsAt, 4).map((sum) => sum / values.length);
  return { m2, m3, m4, absolute };
}

function robustDeviation(values: Float64Array, low: number, high: number): number {
  const [at] = place(values, []);
  return kernels().robustDeviation(at, values.length, low, high);
}

function uniformity(levelCounts: ArrayLike<number>, total: number): number {
  let sum = 0;
  for (let level = 0; level < levelCounts.length; level++) sum += levelCounts[level] ** 2;
  return sum / (total * total);
}
