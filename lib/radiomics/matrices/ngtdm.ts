import { float64At, int32At, kernels, place } from '../kernels/kernels.ts';
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
  const neighbours = neighbourCounts(roi, distances, flat);
  const rows = levels.length + 1;
  const [ranksAt, numbersAt, countsAt, neighboursAt, ...box] = place(ranks, [
    ...[4 * rows, 24 * rows, neighbours.byteLength],
    ...boxLengths(roi),
  ]);
  const [spansAt, tonesAt, sumsAt] = box;
  int32At(numbersAt, rows).set([0, ...levels]);
  int32At(neighboursAt, neighbours.length).set(neighbours);
  float64At(countsAt, 3 * rows).fill(0);
  kernels().numberLevels(ranksAt, numbersAt, ranks.length, tonesAt);
  addNeighbours(roi, box, distances, flat);
  const [isolatedAt, differencesAt] = [countsAt + 8 * rows, countsAt + 16 * rows];
  const spanCount = roi.spans.length / 2;
  kernels().addToneDifferences(
    ...([ranksAt, numbersAt, spansAt, spanCount, sumsAt, neighboursAt] as const),
    ...([countsAt, isolatedAt, differencesAt] as const),
  );
  const byLevel = (at: number) => float64At(at + 8, levels.length).slice();
  return { levels, counts: byLevel(countsAt), isolated: byLevel(isolatedAt), differences: byLevel(differencesAt) };
}

/** They depend on the region alone, which serves many images. */
const knownCounts = new WeakMap<Roi, Map<string, Int32Array>>();

/** Per voxel of the box; what stands outside the region does not matter. */
function neighbourCounts(roi: Roi, distances: readonly number[], flat: FlatAxis): Int32Array {
  const key = `${distances.join()}|${flat}`;
  const known = knownCounts.get(roi) ?? new Map<string, Int32Array>();
  knownCounts.set(roi, known);
  const counts = known.get(key) ?? countNeighbours(roi, distances, flat);
  known.set(key, counts);
  return counts;
}

function countNeighbours(roi: Roi, distances: readonly number[], flat: FlatAxis): Int32Array {
  const box = place(new Uint8Array(0), boxLengths(roi)).slice(1);
  const [, insideAt, sumsAt] = box;
  const length = voxelsOf(roi);
  const inside = int32At(insideAt, length).fill(0);
  for (let n = 0; n < roi.voxels.length; n++) inside[roi.voxels[n]] = 1;
  addNeighbours(roi, box, distances, flat);
  return int32At(sumsAt, length).slice();
}

/** Byte lengths of the spans and of four arrays over the box: values, sums, and two for passes along the axes. */
function boxLengths(roi: Roi): number[] {
  const bytes = 4 * voxelsOf(roi);
  return [roi.spans.byteLength, bytes, bytes, bytes, bytes];
}

/** Per voxel of the region, the sum of its neighbours' values: cubes minus the cubes inside them. */
function addNeighbours(roi: Roi, box: readonly number[], distances: readonly number[], flat: FlatAxis): void {
  const [spansAt, , sumsAt] = box;
  int32At(spansAt, roi.spans.length).set(roi.spans);
  int32At(sumsAt, voxelsOf(roi)).fill(0);
  for (const [outer, inner] of shells(distances)) {
    addCubes(roi, box, outer, flat, 1);
    addCubes(roi, box, inner, flat, -1);
  }
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
function addCubes(roi: Roi, box: readonly number[], reach: number, flat: FlatAxis, sign: 1 | -1): void {
  const [spansAt, valuesAt, sumsAt, ping, pong] = box;
  const strides = [1, roi.size[0], roi.size[0] * roi.size[1]].filter((_, axis) => axis !== flat);
  let [from, to, spare] = [valuesAt, ping, pong];
  for (const stride of reach === 0 ? [] : strides) {
    kernels().sumAlongAxis(from, to, voxelsOf(roi), stride, reach);
    [from, to, spare] = [to, spare, to];
  }
  kernels().addSums(from, spansAt, roi.spans.length / 2, sign, sumsAt);
}

function voxelsOf({ size }: Roi): number {
  return size[0] * size[1] * size[2];
}
