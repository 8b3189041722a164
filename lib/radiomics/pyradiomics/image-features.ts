import { BadInput } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { boundingBox } from '../../image/box.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { firstOrderFeatures } from '../features/first-order.ts';
import { imageNames, imagesOf, type NamedImage } from '../image-types/image-types.ts';
import type { PreparedRegion } from '../preprocessing/prepare-region.ts';
import { type Discretised, discretise, type Precision } from '../region/discretise.ts';
import { type LevelImage, levelImage } from '../region/levels.ts';
import { countNonFinite, roiOf, type VoxelRoi, valuesOf, voxelVolumeMm3 } from '../region/roi.ts';
import type { RadiomicsSettings, Settings } from '../settings/settings.ts';
import { type FeatureColumns, featureColumns } from './feature-columns.ts';
import type { FoundValues } from './region-shape.ts';
import { textureFeatures } from './texture.ts';

type FeatureClasses = RadiomicsSettings['featureClasses'];

/** What is computed once for several regions, or for one region in several images. */
export interface SharedFeatures {
  /** Images filtered once (`filterWholeImage`), when the settings do not crop. */
  filtered?: readonly NamedImage[];
  /** The shape of the same mask (`sharedShape`). */
  shape?: FoundValues;
}

/** The images that features are wanted of, and those of them that are there already. */
export interface WantedImages {
  own: ReadonlySet<string>;
  filtered: readonly NamedImage[];
}

/** Columns of the wanted images of one image type but for shape. */
export function imageTypeFeatures(
  region: PreparedRegion,
  { type, setting }: RadiomicsSettings['imageTypes'][number],
  { featureClasses }: RadiomicsSettings,
  { own, filtered }: WantedImages,
): FoundValues {
  const names = imageNames(type, setting).filter((name) => own.has(name));
  const findings: Finding[] = [];
  const roi = roiOfRegion(region, Math.max(1, ...setting.distances));
  const ready = filtered.filter(({ name }) => names.includes(name));
  const isReady = (name: string) => ready.some((image) => image.name === name);
  const wanted = (name: string) => names.includes(name) && !isReady(name);
  const made = names.every(isReady)
    ? []
    : imagesOf(type, { ...region, setting, within: boundingBox(region.mask), wanted });
  const columns: FeatureColumns[] = [];
  let left = names.length;
  for (const images of [ready, made]) {
    for (const image of images) {
      const found: FoundValues =
        'finding' in image
          ? { columns: [], findings: [image.finding] }
          : imageFeatures(roi, image, setting, featureClasses);
      columns.push(...found.columns);
      findings.push(...found.findings);
      // Bands after the last wanted one are not made.
      left -= 1;
      if (left === 0) break;
    }
  }
  return { columns, findings };
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

function imageFeatures(
  roi: VoxelRoi,
  { name, image }: NamedImage,
  setting: Settings,
  classes: FeatureClasses,
): FoundValues {
  const intensities = valuesOf(roi, image.data);
  const lost = countNonFinite(intensities);
  if (lost > 0) {
    const message = `${lost} of ${intensities.length} voxels of the region have no finite value in the image ${name}: it gets no features`;
    return { columns: noFeatures(name, classes), findings: [finding('IMAGE_NOT_FINITE', name, message)] };
  }
  const levels = levelsOf(roi, intensities, { name, image }, setting);
  const columns = intensityClasses(classes).map(({ name: featureClass, features }) => {
    const found =
      featureClass === 'firstorder'
        ? firstOrderFeatures(intensities, levels.counts, voxelVolumeMm3(image.grid), setting.voxelArrayShift)
        : levels.image && textureFeatures(featureClass, levels.image, setting);
    return featureColumns(`${name}_${featureClass}`, found ?? {}, features);
  });
  return { columns, findings: levels.findings };
}

/** The columns of an image that no feature can be computed of. */
function noFeatures(name: string, classes: FeatureClasses): FeatureColumns[] {
  return intensityClasses(classes).map((one) => featureColumns(`${name}_${one.name}`, {}, one.features));
}

function intensityClasses(classes: FeatureClasses) {
  return classes.flatMap(({ name, features }) => (name === 'shape' || name === 'shape2D' ? [] : [{ name, features }]));
}

/** A region's grey levels and the voxels of each. */
interface Levels {
  counts?: Uint32Array;
  image?: LevelImage;
  findings: Finding[];
}

/** Too many levels, or an image without finite range, is a finding. */
function levelsOf(
  roi: VoxelRoi,
  intensities: Float64Array,
  { name, image }: NamedImage,
  { binCount, binWidth }: Settings,
): Levels {
  let discretised: Discretised | undefined;
  try {
    discretised = discretise(intensities, binCount !== null ? { binCount } : { binWidth }, precisionOf(image));
    const levels = levelImage(roi, discretised.levelOfVoxel, discretised.levelCount);
    return { counts: levels.counts, image: levels, findings: [] };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    const findings = [finding('TOO_MANY_GRAY_LEVELS', name, error.message)];
    return discretised === undefined ? { findings } : { counts: countLevels(discretised), findings };
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
