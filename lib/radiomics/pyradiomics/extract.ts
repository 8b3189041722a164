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
  const region = prepareRegion(prepared, mask, settings.setting);
  if ('status' in region) return { ...region, values: {}, diagnostics: {} };
  const diagnostics = settings.setting.additionalInfo
    ? diagnosticsOf(prepared.diagnostics, mask, region, settings)
    : {};
  const shape = shapeValues(region, settings);
  const findings = [...region.findings, ...shape.findings];
  const values = shape.values;
  for (const imageType of settings.imageTypes) {
    const found = imageTypeValues(region, imageType, settings, filtered);
    Object.assign(values, found.values);
    findings.push(...found.findings);
  }
  return { status: 'ok', reason: '', values, diagnostics, findings };
}

/** Values by column name, and what was found on the way. */
interface Values {
  values: Record<string, number>;
  findings: Finding[];
}

/** Images, and what is told of those that cannot be made. */
export interface FilteredImages {
  images: NamedImage[];
  findings: Finding[];
}

/**
 * The filtered images of the whole image, for all its regions. Empty when every region gets a crop of its own, on which it
 * is filtered: PyRadiomics' numbers depend on the crop. Of uneven slices each region takes the even ones around it.
 */
export function filterWholeImage(prepared: PreparedImage, settings: RadiomicsSettings): FilteredImages {
  const { resampledPixelSpacing, interpolator, preCrop } = settings.setting;
  const image = prepared.volume;
  const isUneven = image.grid.sliceOffsetsMm !== undefined;
  if (preCrop || isUneven || (resampledPixelSpacing !== null && interpolator !== null))
    return { images: [], findings: [] };
  const made = settings.imageTypes
    .filter(({ type }) => type !== 'Original' && type !== 'LBP3D')
    .flatMap(({ type, setting }) => [
      ...imagesOf(type, { image, mask: emptyMask(image.grid), setting, wanted: () => true }),
    ]);
  return {
    images: made.filter((one) => 'image' in one),
    findings: made.flatMap((one) => ('finding' in one ? [one.finding] : [])),
  };
}

/** Shape columns, original_shape_* and original_shape2D_*. */
function shapeValues(region: PreparedRegion, settings: RadiomicsSettings): Values {
  const values: Record<string, number> = {};
  const findings: Finding[] = [];
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
  return { values, findings };
}

/** Columns of the images of one image type; those in `filtered` are taken from there. */
function imageTypeValues(
  region: PreparedRegion,
  { type, setting }: RadiomicsSettings['imageTypes'][number],
  settings: RadiomicsSettings,
  filtered: readonly NamedImage[],
): Values {
  const values: Record<string, number> = {};
  const findings: Finding[] = [];
  const names = imageNames(type, setting);
  const roi = roiOfRegion(region, Math.max(1, ...setting.distances));
  const ready = filtered.filter(({ name }) => names.includes(name));
  const isReady = (name: string) => ready.some((image) => image.name === name);
  const wanted = (name: string) => names.includes(name) && !isReady(name);
  const made = names.every(isReady) ? [] : imagesOf(type, { ...region, setting, wanted });
  for (const images of [ready, made]) {
    for (const image of images) {
      if ('finding' in image) {
        findings.push(image.finding);
        continue;
      }
      const found = imageValues(roi, image, setting, settings.featureClasses);
      Object.assign(values, found.values);
      findings.push(...found.findings);
    }
  }
  return { values, findings };
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
): Values {
  const values: Record<string, number> = {};
  const intensities = valuesOf(roi, image.data);
  const lost = countNonFinite(intensities);
  if (lost > 0) {
    const message = `${lost} of ${intensities.length} voxels of the region have no finite value in the image ${name}: it has no features`;
    return { values: emptyValues(name, classes), findings: [finding('IMAGE_NOT_FINITE', name, message)] };
  }
  const levels = levelsOf(roi, intensities, image, setting);
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
  const { problem } = levels;
  return { values, findings: problem === undefined ? [] : [finding('TOO_MANY_GRAY_LEVELS', name, problem)] };
}

/** The columns of an image that no feature can be computed of. */
function emptyValues(name: string, classes: RadiomicsSettings['featureClasses']): Record<string, number> {
  const values: Record<string, number> = {};
  for (const { name: featureClass, features } of classes) {
    if (featureClass !== 'shape' && featureClass !== 'shape2D') pick(values, `${name}_${featureClass}`, {}, features);
  }
  return values;
}

/** The region's grey levels, or the problem that there are too many of them. */
function levelsOf(
  roi: VoxelRoi,
  intensities: Float64Array,
  image: Volume,
  setting: Settings,
): { discretised?: Discretised; image?: LevelImage; problem?: string } {
  const binning = setting.binCount !== null ? { binCount: setting.binCount } : { binWidth: setting.binWidth };
  let discretised: Discretised | undefined;
  try {
    discretised = discretise(intensities, binning, precisionOf(image));
    return { discretised, image: levelImage(roi, discretised.levelOfVoxel, discretised.levelCount) };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { discretised, problem: error.message };
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
