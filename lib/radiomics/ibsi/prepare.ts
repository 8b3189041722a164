import { type Finding, finding } from '../../findings.ts';
import { evenSlicesAround, unevenText } from '../../image/even-slices.ts';
import type { Grid, Mask, Volume } from '../../image/grid.ts';
import { countVoxels, cropMask } from '../../image/mask.ts';
import { gridDifferences } from '../preprocessing/geometry.ts';
import { countNonFinite, roiOf, valuesOf } from '../region/roi.ts';
import { type Refusal, refusal } from '../region/status.ts';
import { centredGrid, interpolate, interpolateShare } from './interpolate.ts';
import type { IbsiSettings } from './settings.ts';

/** An image after interpolation: the same for all of its regions. */
export interface IbsiImage {
  image: Volume<Float32Array>;
  /** The grid that the masks of regions lie on. */
  original: Grid;
  /** All intensities are whole numbers. */
  isWhole: boolean;
}

/** A region after interpolation, with the two masks of IBSI: shape is taken from one, intensities from the other. */
export interface IbsiRegion {
  image: Volume<Float32Array>;
  /** Interpolated, before re-segmentation. */
  morphological: Mask;
  /** The voxels of the morphological mask that pass the re-segmentation. */
  intensity: Mask;
}

/** Voxels at exactly the threshold must not fall to rounding. */
const THRESHOLD_ROUNDING = 1e-9;

/** Interpolates and rounds the image (IBSI 1, chapters 2.4 and 2.5). */
export function prepareIbsiImage(image: Volume, settings: IbsiSettings): IbsiImage {
  const { interpolation } = settings;
  const original = image.grid;
  if (!interpolation) {
    const isWhole = image.data.every(Number.isInteger);
    return { image: { grid: original, data: new Float32Array(image.data) }, original, isWhole };
  }
  const grid = centredGrid(original, spacingOf(settings));
  const values = interpolate(image, grid, interpolation.image);
  if (interpolation.roundIntensities) for (let n = 0; n < values.length; n++) values[n] = Math.round(values[n]);
  return { image: { grid, data: new Float32Array(values) }, original, isWhole: interpolation.roundIntensities };
}

/**
 * Interpolates the mask and cuts it at the threshold, then drops voxels outside the range and the outliers from the
 * intensity mask (IBSI 1, chapters 2.6 to 2.9). A region that gives no features comes back as the reason.
 */
export function prepareIbsiRegion(
  { image: whole, original }: IbsiImage,
  mask: Mask,
  settings: IbsiSettings,
): IbsiRegion | (Refusal & { findings?: Finding[] }) {
  const differences = gridDifferences(original, mask.grid, null);
  if (differences.length > 0)
    return refusal('failed', `image and mask lie on different grids: ${differences.join('; ')}`);
  if (countVoxels(mask) === 0) return refusal('empty', 'the mask has no voxel');
  const interpolated = interpolateMask(mask, whole, settings);
  if (countVoxels(interpolated) === 0) return refusal('too_small', 'after interpolation the region has no voxel');
  const even = evenSlicesAround(whole, interpolated);
  if (!('image' in even)) {
    const findings = [finding('TEXTURE_ON_UNEVEN_SLICES', 'image', unevenText(even))];
    return { ...refusal('failed', `${unevenText(even)}. Set interpolation`), findings };
  }
  const image = { grid: even.image.grid, data: even.image.data as Float32Array };
  const morphological = even.mask;
  const lost = countNonFinite(valuesOf(roiOf(morphological, 0), image.data));
  if (lost > 0) return refusal('failed', `${lost} voxels of the region have no finite intensity`);
  const intensity = resegment(image, morphological, settings);
  if (countVoxels(intensity) === 0) return refusal('too_small', 'after re-segmentation the region has no voxel');
  return { image, morphological, intensity };
}

function spacingOf({ interpolation, approach }: IbsiSettings): (number | undefined)[] {
  const wanted = interpolation!.spacingMm;
  const perAxis = typeof wanted === 'number' ? [wanted, wanted, wanted] : wanted;
  return perAxis.map((spacing, axis) => (axis === 2 && approach === '2D' ? undefined : (spacing ?? undefined)));
}

function interpolateMask(mask: Mask, image: Volume, settings: IbsiSettings): Mask {
  if (!settings.interpolation) return cropMask(mask);
  const { box, share } = interpolateShare(mask, image.grid, settings.interpolation.mask);
  const threshold = settings.interpolation.maskThreshold - THRESHOLD_ROUNDING;
  const data = new Uint8Array(share.length);
  for (let n = 0; n < share.length; n++) data[n] = share[n] >= threshold ? 1 : 0;
  return cropMask({ grid: image.grid, box, data });
}

/** Range and outlier limits (IBSI 1, chapter 2.9) are both taken on the region as it came, then intersected. */
function resegment(image: Volume, morphological: Mask, { resegmentation }: IbsiSettings): Mask {
  const roi = roiOf(morphological, 0);
  const values = valuesOf(roi, image.data);
  let low = resegmentation.range?.[0] ?? Number.NEGATIVE_INFINITY;
  let high = resegmentation.range?.[1] ?? Number.POSITIVE_INFINITY;
  if (resegmentation.outlierSigma) {
    const { mean, deviation } = moments(values);
    low = Math.max(low, mean - resegmentation.outlierSigma * deviation);
    high = Math.min(high, mean + resegmentation.outlierSigma * deviation);
  }
  const data = new Uint8Array(morphological.data.length);
  for (let n = 0; n < values.length; n++) if (values[n] >= low && values[n] <= high) data[roi.voxels[n]] = 1;
  return { ...morphological, data };
}

function moments(values: Float64Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
