import type { Vec3 } from '../../math/vec3.ts';
import type { LevelImage } from '../levels.ts';
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
export function zones(image: LevelImage, flat?: FlatAxis, distances?: ArrayLike<number>): Zones {
  const { roi } = image;
  const left = Uint16Array.from(image.ranks);
  const steps = Int32Array.from(neighbours(roi.size, flat));
  const stack = new Int32Array(roi.voxels.length);
  const ranks: number[] = [];
  const sizes: number[] = [];
  const nearest: number[] = [];
  for (const seed of roi.voxels) {
    const rank = left[seed];
    if (rank === 0) continue;
    let top = 0;
    let size = 0;
    let distance = Number.POSITIVE_INFINITY;
    stack[top++] = seed;
    left[seed] = 0;
    while (top > 0) {
      const p = stack[--top];
      size++;
      if (distances !== undefined && distances[p] < distance) distance = distances[p];
      for (let n = 0; n < steps.length; n++) {
        const q = p + steps[n];
        if (left[q] !== rank) continue;
        left[q] = 0;
        stack[top++] = q;
      }
    }
    ranks.push(rank);
    sizes.push(size);
    nearest.push(distance);
  }
  const found: Zones = { levels: image.levels, ranks: Uint16Array.from(ranks), sizes: Int32Array.from(sizes) };
  return distances === undefined ? found : { ...found, distances: Int32Array.from(nearest) };
}

/** Grey-level size zone matrix (IBSI 9SAK). */
export function zoneSizeMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.sizes);
}

/** Grey-level distance zone matrix (IBSI VMDZ): the column is the zone's smallest distance to the region's border. */
export function zoneDistanceMatrix(found: Zones): SizeMatrix {
  return sizeMatrixOfPairs(found.levels, found.ranks, found.distances!);
}

function neighbours(size: Vec3, flat: FlatAxis): number[] {
  return directions([1], flat).flatMap((offset) => [stride(size, offset), -stride(size, offset)]);
}
