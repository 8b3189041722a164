import { int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { LevelImage } from '../levels.ts';
import type { FlatAxis } from './directions.ts';
import { type SizeMatrix, sizeMatrixOfPairs } from './size-matrix.ts';

/** Connected groups of voxels of equal level, in the raster order of their first voxels. */
export interface Zones {
  levels: Float64Array;
  /** Rank of each zone's level. */
  ranks: Uint16Array;
  /** Voxels of each zone. */
  sizes: Int32Array;
  /** Smallest of `distances` over the zone's voxels, when distances were given. */
  distances?: Int32Array;
}

/**
 * Zones of equal level, linked at Chebyshev distance 1: 26 neighbours, or 8 in the plane when an axis is flat.
 * `distances` (per voxel of the region's box) also collects each zone's smallest one, for the distance zone matrix.
 */
export function zones({ roi, ranks, levels }: LevelImage, flat?: FlatAxis, distances?: Int32Array): Zones {
  const { spans, size, voxels } = roi;
  const spanCount = spans.length / 2;
  const [ranksAt, spansAt, parentsAt, distancesAt, zoneRanksAt, sizesAt, nearestAt] = place(ranks, [
    ...[spans.byteLength, 4 * ranks.length, distances?.byteLength ?? 0],
    ...[2 * voxels.length, 4 * voxels.length, distances === undefined ? 0 : 4 * voxels.length],
  ]);
  int32At(spansAt, spans.length).set(spans);
  if (distances !== undefined) int32At(distancesAt, distances.length).set(distances);
  kernels().linkZones(ranksAt, spansAt, spanCount, size[0], size[0] * size[1], flat ?? -1, parentsAt);
  const given = distances === undefined ? 0 : distancesAt;
  const { collectZones } = kernels();
  const count = collectZones(ranksAt, spansAt, spanCount, parentsAt, given, zoneRanksAt, sizesAt, nearestAt);
  const found = {
    levels,
    ranks: uint16At(zoneRanksAt, count).slice(),
    sizes: int32At(sizesAt, count).slice(),
  };
  return distances === undefined ? found : { ...found, distances: int32At(nearestAt, count).slice() };
}

/** Grey-level size zone matrix (IBSI 9SAK). */
export function zoneSizeMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.sizes);
}

/** Grey-level distance zone matrix (IBSI VMDZ): the column is the zone's smallest distance to the region's border. */
export function zoneDistanceMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.distances!);
}
