import { BadInput } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import { finding } from '../../findings.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { emptyMask } from '../../image/mask.ts';
import type { RegionStatus } from '../../rt/roi-status.ts';
import { firstOrderFeatures } from '../features/first-order.ts';
import { shapeFeatures } from '../features/shape.ts';
import { shape2DFeatures } from '../features/shape-2d.ts';
import { imageNames, imagesOf, type NamedImage } from '../image-types/image-types.ts';
import type { Diagnostics } from '../preprocessing/image-diagnostics.ts';
import { type PreparedImage, prepareImage } from '../preprocessing/prepare-image.ts';
import { type PreparedRegion, prepareRegion } from '../preprocessing/prepare-region.ts';
import { type Discretised, discretise, type Precision } from '../region/discretise.ts';
import { type LevelImage, levelImage } from '../region/levels.ts';
import { countNonFinite, roiOf, type VoxelRoi, valuesOf, voxelVolumeMm3 } from '../region/roi.ts';
import type { RadiomicsSettings, Settings } from '../settings/settings.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { flatAxis, textureFeatures } from './texture.ts';

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

/**
 * The same from an image prepared once for many regions (`prepareImage`), and, when the settings do not crop, from images
 * filtered once (`filterWholeImage`).
 */
export function extractFromPrepared(
  prepared: PreparedImage,
  mask: Mask,
  settings: RadiomicsSettings,
  filtered: readonly NamedImage[] = [],
): FeatureResult {
  const findings: Finding[] = [];
  const region = prepareRegion(prepared, mask, settings.setting, findings);
  if ('status' in region) return { ...region, values: {}, diagnostics: {}, findings };
  const diagnostics = settings.setting.additionalInfo
    ? diagnosticsOf(prepared.diagnostics, mask, region, settings)
    : {};
  const values = shapeValues(region, settings, findings);
  for (const imageType of settings.imageTypes) {
    Object.assign(
      values,
      imageTypeValues(region, imageType, settings, findings, imageNames(imageType.type, imageType.setting), filtered),
    );
  }
  return { status: 'ok', reason: '', values, diagnostics, findings };
}

/**
 * The filtered images of the whole image, for all its regions. Empty when every region gets a crop of its own, on which it
 * is filtered: PyRadiomics' numbers depend on the crop. Of uneven slices each region takes the even ones around it.
 */
export function filterWholeImage(
  prepared: PreparedImage,
  settings: RadiomicsSettings,
  findings: Finding[],
): NamedImage[] {
  const { resampledPixelSpacing, interpolator, preCrop } = settings.setting;
  const image = prepared.volume;
  const isUneven = image.grid.sliceOffsetsMm !== undefined;
  if (preCrop || isUneven || (resampledPixelSpacing !== null && interpolator !== null)) return [];
  return settings.imageTypes
    .filter(({ type }) => type !== 'Original' && type !== 'LBP3D')
    .flatMap(({ type, setting }) => [
      ...imagesOf(type, { image, mask: emptyMask(image.grid), setting, findings, wanted: () => true }),
    ]);
}

/** Shape columns, original_shape_* and original_shape2D_*. */
export function shapeValues(
  region: PreparedRegion,
  settings: RadiomicsSettings,
  findings: Finding[],
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name, features } of settings.featureClasses) {
    if (name === 'shape') {
      pick(values, 'original_shape', shapeFeatures(roiOf(region.shapeMask, 1)), features);
    } else if (name === 'shape2D') {
      const roi = roiOf(region.shapeMask, 1);
      const flat = flatAxis(settings.setting);
      if (flat !== undefined && roi.size[flat] === 3)
        pick(values, 'original_shape2D', shape2DFeatures(roi, flat), features);
      else findings.push(finding('NO_SHAPE2D', 'shape2D', 'needs force2D and a region one voxel thick'));
    }
  }
  return values;
}

/** Columns of the named images of one image type; those in `filtered` are taken from there. */
export function imageTypeValues(
  region: PreparedRegion,
  { type, setting }: RadiomicsSettings['imageTypes'][number],
  settings: RadiomicsSettings,
  findings: Finding[],
  names: readonly string[],
  filtered: readonly NamedImage[] = [],
): Record<string, number> {
  const values: Record<string, number> = {};
  const roi = roiOfRegion(region, Math.max(1, ...setting.distances));
  const ready = filtered.filter(({ name }) => names.includes(name));
  const isReady = (name: string) => ready.some((image) => image.name === name);
  const wanted = (name: string) => names.includes(name) && !isReady(name);
  const made = names.every(isReady) ? [] : imagesOf(type, { ...region, setting, findings, wanted });
  for (const images of [ready, made]) {
    for (const image of images)
      Object.assign(values, imageValues(roi, image, setting, settings.featureClasses, findings));
  }
  return values;
}

/** One for all image types of a region, with what is known of it. */
const knownRois = new WeakMap<Mask, Map<number, VoxelRoi>>();

function roiOfRegion(region: PreparedRegion, margin: number): VoxelRoi {
  const known = knownRois.get(region.mask) ?? new Map<number, VoxelRoi>();
  knownRois.set(region.mask, known);
  const roi = known.get(margin) ?? roiOf(region.mask, margin);
  known.set(margin, roi);
  return roi;
}

function imageValues(
  roi: VoxelRoi,
  { name, image }: NamedImage,
  setting: Settings,
  classes: RadiomicsSettings['featureClasses'],
  findings: Finding[],
): Record<string, number> {
  const values: Record<string, number> = {};
  const intensities = valuesOf(roi, image.data);
  const lost = countNonFinite(intensities);
  if (lost > 0) {
    const message = `${lost} of ${intensities.length} voxels of the region have no finite value in the image ${name}: it has no features`;
    findings.push(finding('IMAGE_NOT_FINITE', name, message));
    return emptyValues(name, classes);
  }
  const levels = levelsOf(roi, intensities, image, name, setting, findings);
  for (const { name: featureClass, features } of classes) {
    if (featureClass === 'shape' || featureClass === 'shape2D') continue;
    const prefix = `${name}_${featureClass}`;
    if (featureClass === 'firstorder') {
      const counts = levels.discretised === undefined ? undefined : countLevels(levels.discretised);
      const volume = voxelVolumeMm3(image.grid);
      pick(values, prefix, firstOrderFeatures(intensities, counts, volume, setting.voxelArrayShift), features);
    } else {
      pick(
        values,
        prefix,
        levels.image === undefined ? {} : textureFeatures(featureClass, levels.image, setting),
        features,
      );
    }
  }
  return values;
}

/** The columns of an image that no feature can be computed of. */
function emptyValues(name: string, classes: RadiomicsSettings['featureClasses']): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name: featureClass, features } of classes) {
    if (featureClass !== 'shape' && featureClass !== 'shape2D') pick(values, `${name}_${featureClass}`, {}, features);
  }
  return values;
}

/** The region's grey levels; too many of them, or an image without finite range, becomes a finding. */
function levelsOf(
  roi: VoxelRoi,
  intensities: Float64Array,
  image: Volume,
  name: string,
  setting: Settings,
  findings: Finding[],
): { discretised?: Discretised; image?: LevelImage } {
  const binning = setting.binCount !== null ? { binCount: setting.binCount } : { binWidth: setting.binWidth };
  let discretised: Discretised | undefined;
  try {
    discretised = discretise(intensities, binning, precisionOf(image));
    return { discretised, image: levelImage(roi, discretised.levelOfVoxel, discretised.levelCount) };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    findings.push(finding('TOO_MANY_GRAY_LEVELS', name, error.message));
    return discretised === undefined ? {} : { discretised };
  }
}

function precisionOf({ data }: Volume): Precision {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Float64Array ? 'float64' : 'integer';
}

function countLevels({ levelOfVoxel, levelCount }: Discretised): Uint32Array {
  const counts = new Uint32Array(levelCount + 1);
  for (let n = 0; n < levelOfVoxel.length; n++) counts[levelOfVoxel[n]]++;
  return counts;
}

function pick(into: Record<string, number>, prefix: string, from: object, features: readonly string[]): void {
  const values = from as Record<string, number | undefined>;
  for (const feature of features) into[`${prefix}_${feature}`] = values[feature] ?? Number.NaN;
}
