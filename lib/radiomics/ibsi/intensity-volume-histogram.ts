import { BadInput } from '../../errors.ts';
import { type Discretisation, discretise, extent, wholeNumber } from './discretise.ts';
import type { IntensityUnit } from './settings.ts';

/** More steps than this are no histogram any more. */
const MAX_STEPS = 1 << 24;

/**
 * The steps of the histogram by the unit of the intensities (IBSI 1, chapter 3.5): 1 HU, 0.1 SUV, and for arbitrary units,
 * as of MR or of a filtered image, 1000 bins between the ends. `isWhole`: all intensities of the image are whole numbers.
 */
export function ivhDiscretisationOf(unit: IntensityUnit, isWhole: boolean): Discretisation {
  if (unit === 'HU') return isWhole ? { method: 'none' } : { method: 'fbs', width: 1 };
  return unit === 'SUV' ? { method: 'fbs', width: 0.1 } : { method: 'fbn', bins: 1000 };
}

/** Shares of the intensity range and of the volume at equidistant intensities, IBSI P88C. */
interface VolumeHistogram {
  intensities: Float64Array;
  /** 0 at the lowest intensity, 1 at the highest. */
  intensityFraction: Float64Array;
  /** Share of the voxels with at least this intensity. */
  volumeFraction: Float64Array;
  step: number;
}

/** Features of the intensity-volume histogram. `range`: the re-segmentation range, which bounds the intensities where set. */
export function intensityVolumeHistogram(
  values: Float64Array,
  how: Discretisation,
  range: readonly [number | null, number | null] = [null, null],
): Record<string, number> {
  const histogram = histogramOf(values, how, range);
  const v10 = volumeAtIntensity(histogram, 0.1);
  const v90 = volumeAtIntensity(histogram, 0.9);
  const i10 = intensityAtVolume(histogram, 0.1);
  const i90 = intensityAtVolume(histogram, 0.9);
  return {
    ivh_v10: v10,
    ivh_v90: v90,
    ivh_i10: i10,
    ivh_i90: i90,
    ivh_diff_v10_v90: v10 - v90,
    ivh_diff_i10_i90: i10 - i90,
    ivh_auc: areaUnderCurve(histogram),
  };
}

function histogramOf(
  values: Float64Array,
  how: Discretisation,
  range: readonly [number | null, number | null],
): VolumeHistogram {
  const [minimum, maximum] = extent(values);
  const low = range[0] ?? minimum;
  const high = range[1] ?? maximum;
  if (how.method === 'none') return cumulate(values, (value) => wholeNumber(value) - low, low, 1, high - low + 1);
  const { levelOfVoxel, levelCount } = discretise(values, how, low);
  const levels = Float64Array.from(levelOfVoxel);
  if (how.method === 'fbn') return cumulate(levels, (level) => level - 1, 1, 1, how.bins);
  const bins = Math.max(levelCount, Math.ceil((high - low) / how.width));
  return cumulate(levels, (level) => level - 1, low + how.width / 2, how.width, bins);
}

/** `binOf` gives the bin of a value from 0; bin b stands for the intensity first + b * step. */
function cumulate(
  values: Float64Array,
  binOf: (value: number) => number,
  first: number,
  step: number,
  bins: number,
): VolumeHistogram {
  const count = Math.round(bins);
  if (count > MAX_STEPS)
    throw new BadInput(`the intensity-volume histogram would have ${count} steps; choose a wider bin`);
  const below = new Float64Array(count + 1);
  for (let n = 0; n < values.length; n++) below[Math.floor(binOf(values[n])) + 1]++;
  for (let b = 1; b <= count; b++) below[b] += below[b - 1];
  const indices = Float64Array.from({ length: count }, (_, b) => b);
  return {
    intensities: indices.map((b) => first + b * step),
    intensityFraction: indices.map((b) => (count === 1 ? 0 : b / (count - 1))),
    volumeFraction: indices.map((b) => 1 - below[b] / values.length),
    step,
  };
}

/** The largest volume fraction at an intensity fraction of at least `share` (IBSI BC2M). */
function volumeAtIntensity({ intensityFraction, volumeFraction }: VolumeHistogram, share: number): number {
  const at = intensityFraction.findIndex((fraction) => fraction >= share);
  return at < 0 ? 0 : volumeFraction[at];
}

/** The smallest intensity that at most `share` of the volume reaches (IBSI GBPN); one step above the highest if none. */
function intensityAtVolume({ intensities, volumeFraction, step }: VolumeHistogram, share: number): number {
  const at = volumeFraction.findIndex((fraction) => fraction <= share);
  return at < 0 ? intensities[intensities.length - 1] + step : intensities[at];
}

/** Trapezoids over the intensity fraction (IBSI 9CMM). */
function areaUnderCurve({ intensityFraction: x, volumeFraction: y }: VolumeHistogram): number {
  let area = 0;
  for (let b = 1; b < x.length; b++) area += ((x[b] - x[b - 1]) * (y[b] + y[b - 1])) / 2;
  return area;
}
