import type { Mask, Volume } from '../../image/grid.ts';
import type { Column } from '../../tables/table.ts';
import { applyFilter } from '../filters/apply-filter.ts';
import type { Block } from '../filters/block.ts';
import { levelImage } from '../levels.ts';
import { type Roi, roiOf, valuesOf } from '../roi.ts';
import { ibsiColumn } from './columns.ts';
import { discretise } from './discretise.ts';
import { indexOf } from './hull-points.ts';
import { intensityHistogram } from './intensity-histogram.ts';
import { intensityVolumeHistogram } from './intensity-volume-histogram.ts';
import { localIntensity } from './local-intensity.ts';
import { morphology } from './morphology.ts';
import { type PreparedImage, prepareImage } from './prepare.ts';
import { AGGREGATIONS, type Aggregation, type Family, type IbsiSettings } from './settings.ts';
import { intensityStatistics } from './statistics.ts';
import { type Texture, type TextureFamily, textureFeatures, textureOf } from './textures.ts';

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

/**
 * Features of a region by the rules of IBSI 1 (arXiv:1612.07003) and 2 (arXiv:2006.05470). The mask must lie on the
 * image's grid. Throws BadInput for a region that is or becomes empty.
 */
export function ibsiFeatures(image: Volume, mask: Mask, settings: IbsiSettings): IbsiValue[] {
  const prepared = prepareImage(image, mask, settings);
  const roi = roiOf(prepared.intensity, settings.distance);
  const unfiltered = settings.unfiltered ? unfilteredFeatures(prepared, roi, settings) : [];
  return [...unfiltered, ...settings.filters.flatMap((named) => filteredFeatures(prepared, roi, settings, named))];
}

function unfilteredFeatures(prepared: PreparedImage, roi: Roi, settings: IbsiSettings): IbsiValue[] {
  const { image, morphological, intensity } = prepared;
  const wanted = new Set<Family>(settings.families);
  const whole: Record<string, number>[] = [];
  if (wanted.has('morphology')) whole.push(morphology(image, morphological, intensity));
  if (wanted.has('local_intensity')) whole.push(localIntensity(image, intensity));
  const range = settings.resegmentation.range;
  return [
    ...whole.flatMap((values) => named(values, settings)),
    ...intensityFeatures(valuesOf(roi, image.data), range, prepared, roi, settings, settings.families),
  ];
}

function filteredFeatures(
  prepared: PreparedImage,
  roi: Roi,
  settings: IbsiSettings,
  { name, filter }: IbsiSettings['filters'][number],
): IbsiValue[] {
  const response = applyFilter(prepared.image, filter, settings.approach === '2D', prepared.intensity.box);
  const values = valuesInBlock(roi, response);
  return intensityFeatures(values, undefined, prepared, roi, settings, settings.filteredFamilies, name);
}

/** All families that need no more than the intensities of the region's voxels and how these lie to each other. */
function intensityFeatures(
  values: Float64Array,
  range: IbsiSettings['resegmentation']['range'],
  { morphological }: PreparedImage,
  roi: Roi,
  settings: IbsiSettings,
  families: readonly Family[],
  filterName?: string,
): IbsiValue[] {
  const levels = discretise(values, settings.discretisation, range?.[0] ?? undefined);
  const texture = () => textureOf(levelImage(roi, levels.levelOfVoxel, levels.levelCount), morphological);
  const whole: Partial<Record<Family, () => Record<string, number>>> = {
    statistics: () => intensityStatistics(values),
    intensity_histogram: () => intensityHistogram(levels),
    intensity_volume_histogram: () => intensityVolumeHistogram(values, settings.ivhDiscretisation, range),
  };
  const wanted = families.filter((family) => family !== 'morphology' && family !== 'local_intensity');
  const textures = wanted.filter((family) => !whole[family]) as TextureFamily[];
  return [
    ...wanted.flatMap((family) => named(whole[family]?.() ?? {}, settings, filterName)),
    ...(textures.length > 0 ? textureValues(texture(), textures, settings, filterName) : []),
  ];
}

function textureValues(
  texture: Texture,
  families: readonly TextureFamily[],
  settings: IbsiSettings,
  filterName?: string,
): IbsiValue[] {
  const aggregations = settings.aggregations ?? AGGREGATIONS.filter((name) => name.startsWith('3D') === is3d(settings));
  return families.flatMap((family) =>
    aggregations.flatMap((aggregation) => {
      const values = textureFeatures(texture, family, aggregation, settings);
      return values ? named(values, settings, filterName, aggregation) : [];
    }),
  );
}

function is3d({ approach }: IbsiSettings): boolean {
  return approach === '3D';
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

function valuesInBlock(roi: Roi, { imageSize, box, data }: Block): Float64Array {
  return Float64Array.from(roi.imageVoxels, (voxel) => {
    const [i, j, k] = indexOf(voxel, imageSize).map((index, axis) => index - box.start[axis]);
    return data[i + box.size[0] * (j + box.size[1] * k)];
  });
}
