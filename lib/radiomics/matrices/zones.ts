import type { Vec3 } from '../../math/vec3.ts';
import { int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
import { directions, type FlatAxis, stride } from './directions.ts';
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
  const { steps, apart, count: stepCount } = earlierNeighbours(size, flat);
  const [ranksAt, spansAt, stepsAt, apartAt, distancesAt, ...scratch] = place(ranks, [
    ...[spans.byteLength, steps.byteLength, apart.byteLength, distances?.byteLength ?? 0],
    ...[4 * ranks.length, 2 * size[0] + 16, 4 * voxels.length],
    ...[2 * voxels.length, 4 * voxels.length, 4 * voxels.length],
  ]);
  const [labelsAt, equalAt, parentsAt, zoneRanksAt, sizesAt, nearestAt] = scratch;
  int32At(spansAt, spans.length).set(spans);
  int32At(stepsAt, steps.length).set(steps);
  int32At(apartAt, apart.length).set(apart);
  if (distances !== undefined) int32At(distancesAt, distances.length).set(distances);
  const count = kernels().collectZones(
    ...([ranksAt, spansAt, spans.length / 2, stepsAt, apartAt, stepCount] as const),
    ...([distances === undefined ? 0 : distancesAt, labelsAt, equalAt, parentsAt] as const),
    ...([zoneRanksAt, sizesAt, nearestAt] as const),
  );
  const found = {
    levels,
    ranks: uint16At(zoneRanksAt, count).slice(),
    sizes: int32At(sizesAt, count).slice(),
  };
  return distances === undefined ? found : { ...found, distances: int32At(nearestAt, count).slice() };
}

/**
 * Steps to the neighbours that come earlier in raster order, those first that touch most of the others, and for each the
 * bits of the others that it does not touch. The last of 16 is the step to the voxel itself.
 */
function earlierNeighbours(size: Vec3, flat: FlatAxis): { steps: Int32Array; apart: Int32Array; count: number } {
  const touched = (one: Vec3) => offsets.filter((other) => touch(one, other)).length;
  const offsets = directions([1], flat);
  const sorted = offsets.toSorted((a, b) => touched(b) - touched(a));
  const [steps, apart] = [new Int32Array(16), new Int32Array(16)];
  sorted.forEach((one, n) => {
    steps[n] = -stride(size, one);
    apart[n] = sorted.reduce((bits, other, bit) => (touch(one, other) ? bits : bits | (1 << bit)), 0);
  });
  return { steps, apart, count: sorted.length };
}

function touch(one: Vec3, other: Vec3): boolean {
  return one.every((along, axis) => Math.abs(along - other[axis]) <= 1);
}

/** Grey-level size zone matrix (IBSI 9SAK). */
export function zoneSizeMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.sizes);
}

/** Grey-level distance zone matrix (IBSI VMDZ): the column is the zone's smallest distance to the region's border. */
export function zoneDistanceMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.distances!);
}
