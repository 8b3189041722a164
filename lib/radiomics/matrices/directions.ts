import type { Vec3 } from '../../math/vec3.ts';

/** Axis that neighbours may not lie along: 0 = i, 1 = j, 2 = k (slices); undefined: all three count. */
export type FlatAxis = 0 | 1 | 2 | undefined;

/**
 * Offsets (i, j, k) with a Chebyshev norm in `distances`, one of each pair of opposite ones: 13 in three dimensions
 * at distance 1, 4 within a plane. The kept one comes later in raster order, so that it points to a higher index.
 * The order is PyRadiomics': k outermost, from the largest offset down.
 */
export function directions(distances: readonly number[], flat?: FlatAxis): Vec3[] {
  const reach = Math.max(...distances);
  const found: Vec3[] = [];
  for (let k = reach; k >= 0; k--) {
    for (let j = reach; j >= -reach; j--) {
      for (let i = reach; i >= -reach; i--) {
        const offset: Vec3 = [i, j, k];
        if (!isForward(offset) || (flat !== undefined && offset[flat] !== 0)) continue;
        if (distances.includes(Math.max(Math.abs(i), Math.abs(j), k))) found.push(offset);
      }
    }
  }
  return found;
}

/** How far apart in a box of this size two voxels are that differ by `offset`. */
export function stride(size: Vec3, offset: Vec3): number {
  return offset[0] + size[0] * (offset[1] + size[1] * offset[2]);
}

/** Length of an offset in mm by the norm that `weightingNorm` names; 1 for no_weighting. */
export function offsetLengthMm(offset: Vec3, spacingMm: Vec3, norm: WeightingNorm): number {
  const [x, y, z] = offset.map((steps, axis) => Math.abs(steps) * spacingMm[axis]);
  return NORMS[norm](x, y, z);
}

const NORMS: Record<WeightingNorm, (x: number, y: number, z: number) => number> = {
  infinity: Math.max,
  euclidean: (x, y, z) => Math.sqrt(z * z + y * y + x * x),
  manhattan: (x, y, z) => z + y + x,
  no_weighting: () => 1,
};

export type WeightingNorm = 'infinity' | 'euclidean' | 'manhattan' | 'no_weighting';

function isForward([i, j, k]: Vec3): boolean {
  return k > 0 || (k === 0 && (j > 0 || (j === 0 && i > 0)));
}
