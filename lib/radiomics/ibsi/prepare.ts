import { BadInput } from '../../errors.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { countVoxels, cropMask, fullMaskData, maskOfVolume } from '../../image/mask.ts';
import { roiOf, valuesOf } from '../roi.ts';
import { centredGrid, interpolate } from './interpolate.ts';
import type { IbsiSettings } from './settings.ts';

/** An image and a region after interpolation, with the two masks of IBSI: shape is taken from one, intensities from the other. */
export interface PreparedImage {
  image: Volume<Float32Array>;
  /** Interpolated, before re-segmentation. */
  morphological: Mask;
  /** The voxels of the morphological mask that pass the re-segmentation. */
  intensity: Mask;
}

/** Voxels at exactly the threshold must not fall to rounding. */
const THRESHOLD_ROUNDING = 1e-9;

/**
 * The image processing scheme of IBSI 1 chapter 2 up to re-segmentation: interpolate and round the image, interpolate
 * the mask and cut it at the threshold, then drop voxels outside the range and the outliers from the intensity mask.
 * Throws BadInput when nothing is left of the region.
 */
export function prepareImage(image: Volume, mask: Mask, settings: IbsiSettings): PreparedImage {
  const prepared = interpolateImage(image, settings);
  const morphological = interpolateMask(mask, prepared, settings);
  if (countVoxels(morphological) === 0) throw new BadInput('the region has no voxel after interpolation');
  const intensity = resegment(prepared, morphological, settings);
  if (countVoxels(intensity) === 0) throw new BadInput('the region has no voxel after re-segmentation');
  return { image: prepared, morphological, intensity };
}

/** The interpolated image alone: the same for all regions of an image. */
export function interpolateImage(image: Volume, settings: IbsiSettings): Volume<Float32Array> {
  const { interpolation } = settings;
  if (!interpolation) return { grid: image.grid, data: new Float32Array(image.data) };
  const grid = centredGrid(image.grid, spacingOf(settings));
  const values = interpolate(image, grid, interpolation.image);
  if (interpolation.roundIntensities) for (let n = 0; n < values.length; n++) values[n] = Math.round(values[n]);
  return { grid, data: new Float32Array(values) };
}

function spacingOf({ interpolation, approach }: IbsiSettings): (number | undefined)[] {
  const wanted = interpolation!.spacingMm;
  const perAxis = typeof wanted === 'number' ? [wanted, wanted, wanted] : wanted;
  return perAxis.map((spacing, axis) => (axis === 2 && approach === '2D' ? undefined : (spacing ?? undefined)));
}

function interpolateMask(mask: Mask, image: Volume, settings: IbsiSettings): Mask {
  if (!settings.interpolation) return cropMask(mask);
  const share = interpolate({ grid: mask.grid, data: fullMaskData(mask) }, image.grid, settings.interpolation.mask);
  const threshold = settings.interpolation.maskThreshold - THRESHOLD_ROUNDING;
  const data = new Uint8Array(share.length);
  for (let n = 0; n < share.length; n++) data[n] = share[n] >= threshold ? 1 : 0;
  return maskOfVolume(image.grid, data);
}

/** Range and outlier limits (IBSI IF87, and 2.9.2) are both taken on the region as it came, then intersected. */
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
