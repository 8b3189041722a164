import { imageNames } from '../image-types/image-types.ts';
import type { PreparedRegion } from '../preprocessing/prepare-region.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';
import { imageTypeFeatures, type SharedFeatures } from './image-features.ts';
import { type FoundValues, regionShape } from './region-shape.ts';

/** A share of the images of a region, so that several threads can work on one region: part `index` of `count`. */
export interface RegionPart {
  index: number;
  count: number;
}

export const WHOLE: RegionPart = { index: 0, count: 1 };

/** Into how many parts the features of a region can be divided: one for each image. */
export function mostParts(settings: RadiomicsSettings): number {
  return Math.max(namesOf(settings).length, 1);
}

/** The features of the images of a part, in PyRadiomics' order; the first part has the shape too. */
export function partFeatures(
  region: PreparedRegion,
  settings: RadiomicsSettings,
  part: RegionPart,
  { filtered = [], shape: known }: SharedFeatures,
): FoundValues {
  const names = namesOf(settings);
  const [from, to] = [part.index, part.index + 1].map((n) => Math.floor((n * names.length) / part.count));
  const own = new Set(names.slice(from, to));
  const shape = part.index > 0 ? { columns: [], findings: [] } : (known ?? regionShape(region, settings));
  const found = settings.imageTypes.map((type) => imageTypeFeatures(region, type, settings, { filtered, own }));
  const all = [shape, ...found];
  return { columns: all.flatMap(({ columns }) => columns), findings: all.flatMap(({ findings }) => findings) };
}

function namesOf({ imageTypes }: RadiomicsSettings): string[] {
  return imageTypes.flatMap(({ type, setting }) => imageNames(type, setting));
}
