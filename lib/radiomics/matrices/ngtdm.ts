import type { LevelImage } from '../levels.ts';
import type { FlatAxis } from './directions.ts';

/** Neighbourhood grey tone difference matrix: one row per level that occurs. */
export interface ToneDifferenceMatrix {
  levels: Float64Array;
  /** n_i: voxels of the level. */
  counts: Float64Array;
  /** Voxels of the level without any neighbour in the region: IBSI leaves them out of n_i, PyRadiomics does not. */
  isolated: Float64Array;
  /** s_i: sum over the level's voxels of |level - mean level of the neighbours in the region|. */
  differences: Float64Array;
}

/**
 * IBSI IPET. Neighbours are the voxels of the region at Chebyshev distances in `distances`, pooled. Sums over cubes are
 * running sums along each axis, so the cost does not grow with the distance.
 */
export function toneDifferences(
  image: LevelImage,
  distances: readonly number[],
  flat?: FlatAxis,
): ToneDifferenceMatrix {
  const { roi, ranks, levels } = image;
  const one = new Int32Array(ranks.length);
  const tone = new Int32Array(ranks.length);
  for (const p of roi.voxels) {
    one[p] = 1;
    tone[p] = levels[ranks[p] - 1];
  }
  const neighbours = shellSums(image, one, distances, flat);
  const tones = shellSums(image, tone, distances, flat);
  const counts = new Float64Array(levels.length);
  const isolated = new Float64Array(levels.length);
  const differences = new Float64Array(levels.length);
  for (const p of roi.voxels) {
    const row = ranks[p] - 1;
    counts[row]++;
    if (neighbours[p] === 0) isolated[row]++;
    else differences[row] += Math.abs(levels[row] - tones[p] / neighbours[p]);
  }
  return { levels, counts, isolated, differences };
}

/** Per voxel, the sum over all offsets with a Chebyshev norm in `distances`: cubes minus the cubes inside them. */
function shellSums(image: LevelImage, values: Int32Array, distances: readonly number[], flat: FlatAxis): Int32Array {
  const sum = new Int32Array(values.length);
  for (const [outer, inner] of shells(distances)) {
    const large = cubeSums(image, values, outer, flat);
    const small = inner === 0 ? values : cubeSums(image, values, inner, flat);
    for (let p = 0; p < sum.length; p++) sum[p] += large[p] - small[p];
  }
  return sum;
}

/** Stretches of consecutive distances as [last, first - 1]. */
function shells(distances: readonly number[]): [number, number][] {
  const sorted = [...new Set(distances)].sort((a, b) => a - b);
  const found: [number, number][] = [];
  for (const distance of sorted) {
    const last = found.at(-1);
    if (last !== undefined && last[0] === distance - 1) last[0] = distance;
    else found.push([distance, distance - 1]);
  }
  return found;
}

function cubeSums(image: LevelImage, values: Int32Array, reach: number, flat: FlatAxis): Int32Array {
  const [nx, ny] = image.roi.size;
  const strides = [1, nx, nx * ny];
  let sums = values;
  for (let axis = 0; axis < 3; axis++) if (axis !== flat) sums = lineSums(sums, strides[axis], reach);
  return sums;
}

/** Sums over 2 reach + 1 voxels along an axis. The margin of the box is background, so lines may run into each other there. */
function lineSums(values: Int32Array, stride: number, reach: number): Int32Array {
  const sums = new Int32Array(values.length);
  const first = reach * stride;
  const last = values.length - first;
  for (let p = first; p < last; p++) {
    let sum = values[p];
    for (let t = stride; t <= first; t += stride) sum += values[p - t] + values[p + t];
    sums[p] = sum;
  }
  return sums;
}
