import type { Mask } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { glcmFeatures } from '../features/glcm.ts';
import { ngtdmFeatures } from '../features/ngtdm.ts';
import { type SizeMatrixFeatures, sizeMatrixFeatures } from '../features/size-matrix.ts';
import { directions, type FlatAxis } from '../matrices/directions.ts';
import { type CooccurrenceMatrix, cooccurrence, cooccurrences, mergeCooccurrence } from '../matrices/glcm.ts';
import { dependence } from '../matrices/gldm.ts';
import { runLengths } from '../matrices/glrlm.ts';
import { type ToneDifferenceMatrix, toneDifferences } from '../matrices/ngtdm.ts';
import { mergeSizeMatrices, type SizeMatrix } from '../matrices/size-matrix.ts';
import { type Zones, zoneDistanceMatrix, zoneSizeMatrix, zones } from '../matrices/zones.ts';
import type { LevelImage } from '../region/levels.ts';
import { aggregateDirectional, aggregateSlices } from './aggregate.ts';
import { borderDistances } from './border-distance.ts';
import type { Aggregation, IbsiSettings } from './settings.ts';
import { type SliceImage, sliceImages } from './slice-images.ts';
import { GLCM_TAGS, GLDZM_TAGS, GLRLM_TAGS, GLSZM_TAGS, NGLDM_TAGS, NGTDM_TAGS } from './texture-tags.ts';

export const TEXTURE_FAMILIES = ['glcm', 'glrlm', 'glszm', 'gldzm', 'ngtdm', 'ngldm'] as const;
export type TextureFamily = (typeof TEXTURE_FAMILIES)[number];

/** Axis that neighbours in a slice do not lie along. */
const SLICE_AXIS = 2;

/** Grey levels of a region seen whole and slice by slice. */
export interface Texture {
  whole: LevelImage;
  slices: SliceImage[];
  morphological: Mask;
  /** Zones of the whole with their distances to the border, which two families look at. */
  zones?: Zones;
}

export function textureOf(whole: LevelImage, morphological: Mask): Texture {
  return { whole, slices: sliceImages(whole), morphological };
}

/** Values by tag of a family for one aggregation; undefined when the aggregation does not belong to the family. */
export function textureFeatures(
  texture: Texture,
  family: TextureFamily,
  aggregation: Aggregation,
  { distance, dependenceAlpha }: Pick<IbsiSettings, 'distance' | 'dependenceAlpha'>,
): Record<string, number> | undefined {
  switch (family) {
    case 'glcm':
      return glcm(texture, aggregation, distance);
    case 'glrlm':
      return glrlm(texture, aggregation);
    case 'glszm':
      return sizeFamily(texture, aggregation, GLSZM_TAGS, (image, flat) =>
        zoneSizeMatrix(flat === undefined ? wholeZones(texture) : zones(image, flat)),
      );
    case 'gldzm':
      return gldzm(texture, aggregation);
    case 'ngtdm':
      return ngtdm(texture, aggregation, distance);
    case 'ngldm':
      return sizeFamily(texture, aggregation, NGLDM_TAGS, (image, flat) =>
        dependence(image, [distance], dependenceAlpha, flat),
      );
  }
}

function glcm(texture: Texture, aggregation: Aggregation, distance: number): Record<string, number> | undefined {
  const matrix = (image: LevelImage, offset: Vec3) => {
    const found = cooccurrence(image, offset, true);
    return holdsPairs(found) ? found : undefined;
  };
  return aggregateDirectional(aggregation, {
    tags: Object.keys(GLCM_TAGS),
    slices: () => texture.slices.map((slice) => directions([distance], SLICE_AXIS).map((d) => matrix(slice, d))),
    whole: () => cooccurrences(texture.whole, directions([distance]), true).filter(holdsPairs),
    merge: mergeCooccurrence,
    features: (found) => tagged(glcmFeatures(found), GLCM_TAGS),
  });
}

function holdsPairs({ counts }: CooccurrenceMatrix): boolean {
  return counts.some((count) => count > 0);
}

function glrlm(texture: Texture, aggregation: Aggregation): Record<string, number> | undefined {
  return aggregateDirectional(aggregation, {
    tags: Object.keys(GLRLM_TAGS),
    slices: () => texture.slices.map((slice) => directions([1], SLICE_AXIS).map((d) => runLengths(slice, d))),
    whole: () => directions([1]).map((d) => runLengths(texture.whole, d)),
    merge: mergeSizeMatrices,
    features: (found) => tagged(sizeMatrixFeatures(found), GLRLM_TAGS),
  });
}

function gldzm(texture: Texture, aggregation: Aggregation): Record<string, number> | undefined {
  const { whole, morphological } = texture;
  if (aggregation === '3D') {
    return sizeFamily(texture, aggregation, GLDZM_TAGS, () => zoneDistanceMatrix(wholeZones(texture)));
  }
  const distances = borderDistances(morphological, whole.roi, true);
  return sizeFamily(texture, aggregation, GLDZM_TAGS, (image, flat) => {
    const start = 'start' in image ? image.start : 0;
    return zoneDistanceMatrix(zones(image, flat, distances.subarray(start, start + image.ranks.length)));
  });
}

function wholeZones(texture: Texture): Zones {
  const { whole, morphological } = texture;
  texture.zones ??= zones(whole, undefined, borderDistances(morphological, whole.roi, false));
  return texture.zones;
}

/** Percentages are of the voxels, whose number not all kinds of sizes add up to. */
function sizeFamily(
  texture: Texture,
  aggregation: Aggregation,
  tags: Record<string, keyof SizeMatrixFeatures>,
  matrixOf: (image: LevelImage | SliceImage, flat?: FlatAxis) => SizeMatrix,
): Record<string, number> | undefined {
  const counted = (image: LevelImage, flat?: FlatAxis) => ({
    matrix: matrixOf(image, flat),
    voxels: image.roi.voxels.length,
  });
  return aggregateSlices(aggregation, {
    slices: () => texture.slices.map((slice) => counted(slice, SLICE_AXIS)),
    whole: () => counted(texture.whole),
    merge: (parts) => ({
      matrix: mergeSizeMatrices(parts.map(({ matrix }) => matrix)),
      voxels: parts.reduce((sum, part) => sum + part.voxels, 0),
    }),
    features: ({ matrix, voxels }) => {
      const found = sizeMatrixFeatures(matrix);
      return tagged({ ...found, percentage: found.total / voxels }, tags);
    },
  });
}

function ngtdm(texture: Texture, aggregation: Aggregation, distance: number): Record<string, number> | undefined {
  return aggregateSlices<ToneDifferenceMatrix>(aggregation, {
    slices: () => texture.slices.map((slice) => toneDifferences(slice, [distance], SLICE_AXIS)),
    whole: () => toneDifferences(texture.whole, [distance]),
    merge: mergeToneDifferences,
    features: (found) => tagged(ngtdmFeatures(found, withNeighbours(found)), NGTDM_TAGS),
  });
}

/** Slices put together, over the same levels. */
function mergeToneDifferences(matrices: ToneDifferenceMatrix[]): ToneDifferenceMatrix {
  const sum = (rows: Float64Array[]) => rows[0].map((_, row) => rows.reduce((total, values) => total + values[row], 0));
  return {
    levels: matrices[0].levels,
    counts: sum(matrices.map(({ counts }) => counts)),
    isolated: sum(matrices.map(({ isolated }) => isolated)),
    differences: sum(matrices.map(({ differences }) => differences)),
  };
}

/** IBSI counts only voxels that have a neighbour in the region. */
function withNeighbours({ counts, isolated }: ToneDifferenceMatrix): Float64Array {
  return counts.map((count, row) => count - isolated[row]);
}

function tagged<T>(features: T, tags: Record<string, keyof T>): Record<string, number> {
  return Object.fromEntries(Object.entries(tags).map(([tag, key]) => [tag, features[key] as number]));
}
