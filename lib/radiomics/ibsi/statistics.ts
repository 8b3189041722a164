import { firstOrderFeatures, percentiles } from '../features/first-order.ts';

/** Intensity-based statistics, IBSI UHIW, of the voxels of the intensity mask. Variances are divided by N. */
export function intensityStatistics(values: Float64Array): Record<string, number> {
  const { Energy, RootMeanSquared } = firstOrderFeatures(values, [], 1);
  return {
    ...spread(values, 'stat'),
    stat_energy: Energy,
    stat_rms: RootMeanSquared,
  };
}

/** The features that intensities (`stat_...`) and grey levels (`ih_...`) have in common. */
export function spread(values: Float64Array, prefix: string): Record<string, number> {
  const s = firstOrderFeatures(values, [], 1);
  const [p25, median, p75] = percentiles(values, [0.25, 0.5, 0.75]);
  const features = {
    mean: s.Mean,
    var: s.Variance,
    skew: s.Skewness,
    kurt: s.Variance === 0 ? 0 : s.Kurtosis - 3,
    median,
    min: s.Minimum,
    p10: s['10Percentile'],
    p90: s['90Percentile'],
    max: s.Maximum,
    iqr: p75 - p25,
    range: s.Range,
    mad: s.MeanAbsoluteDeviation,
    rmad: s.RobustMeanAbsoluteDeviation,
    medad: meanDeviation(values, median),
    cov: s.StandardDeviation / s.Mean,
    qcod: (p75 - p25) / (p75 + p25),
  };
  return Object.fromEntries(Object.entries(features).map(([tag, value]) => [`${prefix}_${tag}`, value]));
}

function meanDeviation(values: Float64Array, centre: number): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += Math.abs(values[n] - centre);
  return sum / values.length;
}
