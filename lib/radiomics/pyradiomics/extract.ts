import type { Finding } from '../../findings.ts';
import type { Box, Mask, Volume } from '../../image/grid.ts';
import { emptyMask } from '../../image/mask.ts';
import type { RegionStatus } from '../../rt/roi-status.ts';
import { imagesOf, type NamedImage } from '../image-types/image-types.ts';
import type { Diagnostics } from '../preprocessing/image-diagnostics.ts';
import { type PreparedImage, prepareImage } from '../preprocessing/prepare-image.ts';
import { type PreparedRegion, prepareRegion, type RefusedRegion } from '../preprocessing/prepare-region.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { recordOf } from './feature-columns.ts';
import type { SharedFeatures } from './image-features.ts';
import { partFeatures, type RegionPart, WHOLE } from './region-part.ts';

/** The features of one region: plain data. */
export interface FeatureResult {
  status: RegionStatus;
  /** Why there are no values; '' when the status is ok. */
  reason: string;
  /** By column name, in PyRadiomics' order; NaN where a feature has no value. Empty unless the status is ok. */
  values: Record<string, number>;
  /** PyRadiomics' diagnostics_ columns, when additionalInfo asks for them. */
  diagnostics: Diagnostics;
  findings: Finding[];
}

/**
 * All features that the settings ask for, of the region `mask` in `image`, with PyRadiomics' conventions and names.
 * Integers, float32 and float64 images differ in where numbers are rounded, as there. The mask may lie on another grid:
 * it is resampled with the image, or resampled to the image when `correctMask` allows it, or refused.
 */
export function extractFeatures(image: Volume, mask: Mask, settings: RadiomicsSettings): FeatureResult {
  return extractFromPrepared(prepareImage(image, settings.setting), mask, settings);
}

/** The same from an image prepared once for many regions (`prepareImage`). */
export function extractFromPrepared(
  prepared: PreparedImage,
  mask: Mask,
  settings: RadiomicsSettings,
  shared: SharedFeatures = {},
): FeatureResult {
  return extractPart({ prepared, mask, settings }, prepareRegion(prepared, mask, settings.setting), WHOLE, shared);
}

/** A region to describe. */
export interface RegionSource {
  prepared: PreparedImage;
  mask: Mask;
  settings: RadiomicsSettings;
}

/** A part of the features of a region, which is prepared; the first part has the shape, the diagnostics and what was found on the way. */
export function extractPart(
  { prepared, mask, settings }: RegionSource,
  region: PreparedRegion | RefusedRegion,
  part: RegionPart,
  shared: SharedFeatures,
): FeatureResult {
  if ('status' in region) return { ...region, values: {}, diagnostics: {} };
  const isFirst = part.index === 0;
  const diagnostics =
    isFirst && settings.setting.additionalInfo ? diagnosticsOf(prepared.diagnostics, mask, region, settings) : {};
  const { columns, findings } = partFeatures(region, settings, part, shared);
  const values = recordOf(columns);
  return {
    status: 'ok',
    reason: '',
    values,
    diagnostics,
    findings: isFirst ? [...region.findings, ...findings] : findings,
  };
}

/** All parts of a region in their order as if it had been described at once. */
export function joinParts(parts: readonly FeatureResult[]): FeatureResult {
  const [first] = parts;
  if (first.status !== 'ok') return first;
  const values = Object.assign({}, ...parts.map((part) => part.values));
  return { ...first, values, findings: parts.flatMap(({ findings }) => findings) };
}

/** Images, and what is told of those that cannot be made. */
export interface FilteredImages {
  images: NamedImage[];
  findings: Finding[];
}

/**
 * The filtered images of the whole image, for all its regions. Empty when every region gets a crop of its own, on which it
 * is filtered: PyRadiomics' numbers depend on the crop. Of uneven slices each region takes the even ones around it.
 * @param within holds the regions; elsewhere the numbers may be any
 */
export function filterWholeImage(prepared: PreparedImage, settings: RadiomicsSettings, within?: Box): FilteredImages {
  const { resampledPixelSpacing, interpolator, preCrop } = settings.setting;
  const image = prepared.volume;
  const isUneven = image.grid.sliceOffsetsMm !== undefined;
  if (preCrop || isUneven || (resampledPixelSpacing !== null && interpolator !== null))
    return { images: [], findings: [] };
  const made = settings.imageTypes
    .filter(({ type }) => type !== 'Original' && type !== 'LBP3D')
    .flatMap(({ type, setting }) => [
      ...imagesOf(type, { image, mask: emptyMask(image.grid), setting, within, wanted: () => true }),
    ]);
  return {
    images: made.filter((one) => 'image' in one),
    findings: made.flatMap((one) => ('finding' in one ? [one.finding] : [])),
  };
}
