import { int32At, kernels, place } from '../kernels/kernels.ts';
import type { LevelImage } from '../levels.ts';
import type { Roi } from '../roi.ts';
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
  const tone = new Int32Array(ranks.length);
  for (let n = 0; n < roi.voxels.length; n++) tone[roi.voxels[n]] = levels[ranks[roi.voxels[n]] - 1];
  const tones = neighbourSums(roi, tone, distances, flat);
  const neighbours = neighbourCounts(roi, distances, flat);
  const counts = new Float64Array(levels.length);
  const isolated = new Float64Array(levels.length);
  const differences = new Float64Array(levels.length);
  for (let n = 0; n < roi.voxels.length; n++) {
    const row = ranks[roi.voxels[n]] - 1;
    counts[row]++;
    if (neighbours[n] === 0) isolated[row]++;
    else differences[row] += Math.abs(levels[row] - tones[n] / neighbours[n]);
  }
  return { levels, counts, isolated, differences };
}

/** They depend on the region alone, which serves many images. */
const knownCounts = new WeakMap<Roi, Map<string, Int32Array>>();

function neighbourCounts(roi: Roi, distances: readonly number[], flat: FlatAxis): Int32Array {
  const key = `${distances.join()}|${flat}`;
  const known = knownCounts.get(roi) ?? new Map<string, Int32Array>();
  knownCounts.set(roi, known);
  let counts = known.get(key);
  if (counts === undefined) {
    const one = new Int32Array(roi.size[0] * roi.size[1] * roi.size[2]);
    for (let n = 0; n < roi.voxels.length; n++) one[roi.voxels[n]] = 1;
    counts = neighbourSums(roi, one, distances, flat);
    known.set(key, counts);
  }
  return counts;
}

/** Per voxel of the region, the sum of its neighbours: cubes minus the cubes inside them. */
function neighbourSums(roi: Roi, values: Int32Array, distances: readonly number[], flat: FlatAxis): Int32Array {
  const sums = new Int32Array(roi.voxels.length);
  for (const [outer, inner] of shells(distances)) {
    addCubes(roi, values, outer, flat, 1, sums);
    addCubes(roi, values, inner, flat, -1, sums);
  }
  return sums;
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

/** Adds `sign` times the sum over the cube of 2 reach + 1 voxels about each voxel, one axis after the other. */
function addCubes(roi: Roi, values: Int32Array, reach: number, flat: FlatAxis, sign: 1 | -1, sums: Int32Array): void {
  const { voxels } = roi;
  if (reach === 0) {
    for (let n = 0; n < voxels.length; n++) sums[n] += sign * values[voxels[n]];
    return;
  }
  const bytes = values.byteLength;
  const [start, ping, pong] = place(values, [bytes, bytes]);
  const strides = [1, roi.size[0], roi.size[0] * roi.size[1]].filter((_, axis) => axis !== flat);
  let [from, to, spare] = [start, ping, pong];
  for (const stride of strides) {
    int32At(to, values.length).fill(0);
    kernels().sumAlongAxis(from, to, values.length, stride, reach);
    [from, to, spare] = [to, spare, to];
  }
  const cubes = int32At(from, values.length);
  for (let n = 0; n < voxels.length; n++) sums[n] += sign * cubes[voxels[n]];
}
