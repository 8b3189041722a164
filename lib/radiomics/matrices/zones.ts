import { int32At, kernels, place } from '../kernels/kernels.ts';
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
export function zones(image: LevelImage, flat?: FlatAxis, distances?: ArrayLike<number>): Zones {
  const { roi, ranks } = image;
  const parents = linkedVoxels(image, flat);
  const zoneOf = new Int32Array(ranks.length);
  const rankOfZone = new Uint16Array(roi.voxels.length);
  const sizes = new Int32Array(roi.voxels.length);
  const nearest = new Int32Array(distances === undefined ? 0 : roi.voxels.length).fill(0x7fffffff);
  let count = 0;
  for (let n = 0; n < roi.voxels.length; n++) {
    const p = roi.voxels[n];
    const parent = parents[p];
    if (parent === p) rankOfZone[count] = ranks[p];
    const zone = parent === p ? count++ : zoneOf[parent];
    zoneOf[p] = zone;
    sizes[zone]++;
    if (distances !== undefined && distances[p] < nearest[zone]) nearest[zone] = distances[p];
  }
  const found = { levels: image.levels, ranks: rankOfZone.slice(0, count), sizes: sizes.slice(0, count) };
  return distances === undefined ? found : { ...found, distances: nearest.slice(0, count) };
}

/** Per voxel an earlier voxel of its zone, or itself when it is the first. */
function linkedVoxels({ roi, ranks }: LevelImage, flat: FlatAxis): Int32Array {
  const { spans, size } = roi;
  const [ranksAt, spansAt, parentsAt] = place(ranks, [spans.byteLength, 4 * ranks.length]);
  int32At(spansAt, spans.length).set(spans);
  kernels().linkZones(ranksAt, spansAt, spans.length / 2, size[0], size[0] * size[1], flat ?? -1, parentsAt);
  return int32At(parentsAt, ranks.length);
}

/** Grey-level size zone matrix (IBSI 9SAK). */
export function zoneSizeMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.sizes);
}

/** Grey-level distance zone matrix (IBSI VMDZ): the column is the zone's smallest distance to the region's border. */
export function zoneDistanceMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.distances!);
}
