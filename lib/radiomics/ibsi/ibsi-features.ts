import type { Finding } from '../../findings.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import type { RegionStatus } from '../../rt/roi-status.ts';
import type { Column } from '../../tables/table.ts';
import { levelImage } from '../region/levels.ts';
import { roiOf, type VoxelRoi, valuesOf } from '../region/roi.ts';
import { ibsiColumn } from './columns.ts';
import { type Discretisation, discretise } from './discretise.ts';
import { applyFilter } from './filters/apply-filter.ts';
import type { Block } from './filters/block.ts';
import { indexOf } from './hull-points.ts';
import { intensityHistogram } from './intensity-histogram.ts';
import { intensityVolumeHistogram, ivhDiscretisationOf } from './intensity-volume-histogram.ts';
import { localIntensity } from './local-intensity.ts';
import { morphology } from './morphology.ts';
import { type IbsiImage, type IbsiRegion, prepareIbsiImage, prepareIbsiRegion } from './prepare.ts';
import { AGGREGATIONS, type Aggregation, type Family, type IbsiSettings } from './settings.ts';
import { intensityStatistics } from './statistics.ts';
import { TEXTURE_FAMILIES, type Texture, type TextureFamily, textureFeatures, textureOf } from './textures.ts';

/** A feature's value with the column that it belongs to. */
export interface IbsiValue {
  family: Family;
  /** The manual's tag: `cm_joint_max`. */
  tag: string;
  /** Undefined for families that look at the region as a whole. */
  aggregation?: Aggregation;
  /** Name of the filter; undefined for the unfiltered image. */
  filter?: string;
  column: Column;
  value: number;
}

/** The features of one region: plain data. */
export interface IbsiResult {
  status: RegionStatus;
  /** Why there are no values; '' when the status is ok. */
  reason: string;
  /** Empty unless the status is ok; NaN where a feature has no value. */
  values: IbsiValue[];
  findings: Finding[];
}

/** Features of the region `mask` in `image`, on one grid, by IBSI 1 (arXiv:1612.07003) and 2 (arXiv:2006.05470). */
export function ibsiFeatures(image: Volume, mask: Mask, settings: IbsiSettings): IbsiResult {
  return ibsiFeaturesOf(prepareIbsiImage(image, settings), mask, settings);
}

/** The same from an image prepared once for many regions (`prepareIbsiImage`). */
export function ibsiFeaturesOf(prepared: IbsiImage, mask: Mask, settings: IbsiSettings): IbsiResult {
  const region = prepareIbsiRegion(prepared, mask, settings);
  if ('status' in region) return { findings: [], ...region, values: [] };
  const roi = roiOf(region.intensity, settings.distance);
  const unit = settings.intensityUnit ?? 'arbitrary';
  const ivh = settings.ivhDiscretisation ?? ivhDiscretisationOf(unit, prepared.isWhole);
  const unfiltered = settings.unfiltered ? unfilteredFeatures(region, roi, ivh, settings) : undefined;
  const filtered = settings.filters.flatMap((filter) => filteredFeatures(region, roi, settings, filter));
  const values = [...(unfiltered?.values ?? []), ...filtered];
  return { status: 'ok', reason: '', values, findings: unfiltered?.findings ?? [] };
}

/** The unfiltered or a filtered image as its region sees it. */
interface View {
  roi: VoxelRoi;
  /** Intensities of the region's voxels. */
  values: Float64Array;
  morphological: Mask;
  /** Steps of the intensity-volume histogram. */
  ivh: Discretisation;
  /** Re-segmentation range, in the intensities of the view. */
  range?: IbsiSettings['resegmentation']['range'];
  filter?: string;
}

function unfilteredFeatures(
  region: IbsiRegion,
  roi: VoxelRoi,
  ivh: Discretisation,
  settings: IbsiSettings,
): { values: IbsiValue[]; findings: Finding[] } {
  const { image, morphological, intensity } = region;
  const { families, resegmentation } = settings;
  const view: View = { roi, values: valuesOf(roi, image.data), morphological, ivh, range: resegmentation.range };
  const shape = families.includes('morphology') ? morphology(image, morphological, intensity) : undefined;
  const peaks = families.includes('local_intensity') ? localIntensity(image, intensity) : {};
  const values = [...named({ ...shape?.values, ...peaks }, settings), ...viewFeatures(view, families, settings)];
  return { values, findings: shape?.findings ?? [] };
}

function filteredFeatures(
  region: IbsiRegion,
  roi: VoxelRoi,
  settings: IbsiSettings,
  { name, filter }: IbsiSettings['filters'][number],
): IbsiValue[] {
  const response = applyFilter(region.image, filter, settings.approach === '2D', region.intensity.box);
  const view: View = {
    roi,
    values: valuesInBlock(roi, response),
    morphological: region.morphological,
    ivh: settings.ivhDiscretisation ?? ivhDiscretisationOf('arbitrary', false),
    filter: name,
  };
  return viewFeatures(view, settings.filteredFamilies, settings);
}

/** The families that need no more than the intensities of the region's voxels and how these lie to each other. */
function viewFeatures(view: View, families: readonly Family[], settings: IbsiSettings): IbsiValue[] {
  const { roi, values, morphological, ivh, range, filter } = view;
  const levels = discretise(values, settings.discretisation, range?.[0] ?? undefined);
  const whole: Partial<Record<Family, () => Record<string, number>>> = {
    statistics: () => intensityStatistics(values),
    intensity_histogram: () => intensityHistogram(levels),
    intensity_volume_histogram: () => intensityVolumeHistogram(values, ivh, range),
  };
  const found = families.flatMap((family) => named(whole[family]?.() ?? {}, settings, filter));
  const textures = TEXTURE_FAMILIES.filter((family) => families.includes(family));
  if (textures.length === 0) return found;
  const texture = textureOf(levelImage(roi, levels.levelOfVoxel, levels.levelCount), morphological);
  return [...found, ...textures.flatMap((family) => textureValues(texture, family, settings, filter))];
}

function textureValues(
  texture: Texture,
  family: TextureFamily,
  settings: IbsiSettings,
  filter: string | undefined,
): IbsiValue[] {
  const { approach, distance, dependenceAlpha } = settings;
  const byApproach = AGGREGATIONS.filter((name) => name.startsWith('3D') === (approach === '3D'));
  return (settings.aggregations ?? byApproach).flatMap((aggregation) => {
    const values = textureFeatures(texture, family, aggregation, { distance, dependenceAlpha });
    return values ? named(values, settings, filter, aggregation) : [];
  });
}

function named(
  values: Record<string, number>,
  settings: IbsiSettings,
  filter?: string,
  aggregation?: Aggregation,
): IbsiValue[] {
  return Object.entries(values).map(([tag, value]) => {
    const { family, column } = ibsiColumn(tag, aggregation, settings, filter);
    return { family, tag, aggregation, filter, column, value };
  });
}

function valuesInBlock(roi: VoxelRoi, { imageSize, box, data }: Block): Float64Array {
  return Float64Array.from(roi.imageVoxels, (voxel) => {
    const [i, j, k] = indexOf(voxel, imageSize).map((index, axis) => index - box.start[axis]);
    return data[i + box.size[0] * (j + box.size[1] * k)];
  });
}
