import type { Discretised } from './discretise.ts';
import { spread } from './statistics.ts';

/** Features of the histogram of grey levels, IBSI ZVCW. */
export function intensityHistogram({ levelOfVoxel, levelCount }: Discretised): Record<string, number> {
  const common = spread(Float64Array.from(levelOfVoxel), 'ih');
  const counts = countLevels(levelOfVoxel, levelCount);
  const gradient = gradientOf(counts);
  const steepest = indexOfLargest(gradient);
  const deepest = indexOfLargest(gradient.map((value) => -value));
  const shares = counts.map((count) => count / levelOfVoxel.length);
  return {
    ...common,
    ih_mode: modeOf(counts, common.ih_mean),
    ih_entropy: shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0),
    ih_uniformity: shares.reduce((sum, share) => sum + share * share, 0),
    ih_max_grad: gradient[steepest],
    ih_max_grad_g: steepest + 1,
    ih_min_grad: gradient[deepest],
    ih_min_grad_g: deepest + 1,
  };
}

function countLevels(levelOfVoxel: Int32Array, levelCount: number): Float64Array {
  const counts = new Float64Array(levelCount);
  for (let n = 0; n < levelOfVoxel.length; n++) counts[levelOfVoxel[n] - 1]++;
  return counts;
}

/** The most frequent level; of several the one closest to the mean, then the lower one. */
function modeOf(counts: Float64Array, mean: number): number {
  let mode = 1;
  counts.forEach((count, index) => {
    const closer = Math.abs(index + 1 - mean) < Math.abs(mode - mean);
    if (count > counts[mode - 1] || (count === counts[mode - 1] && closer)) mode = index + 1;
  });
  return mode;
}

/** Central differences, one-sided at both ends (IBSI 12CE). */
function gradientOf(counts: Float64Array): Float64Array {
  const last = counts.length - 1;
  return counts.map((_, i) => {
    if (last === 0) return 0;
    if (i === 0) return counts[1] - counts[0];
    return i === last ? counts[last] - counts[last - 1] : (counts[i + 1] - counts[i - 1]) / 2;
  });
}

function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[largest]) largest = i;
  return largest;
}
