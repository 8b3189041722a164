import type { Vec3 } from '../../math/vec3.ts';
import { int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { VoxelRoi } from '../region/roi.ts';
import type { FlatAxis } from './directions.ts';

/** The voxels around one, `reach` on every side along each axis and itself: a cube, or a square where an axis is flat. */
export interface Cube {
  reach: Vec3;
  /** Whether its voxels are added or taken away. */
  sign: 1 | -1;
}

/**
 * Cubes that make up the voxels at Chebyshev distances in `distances`: those at a distance lie in the cube of that reach but
 * not in the cube of one less, and cubes that are added and taken away are left out.
 */
export function cubesOf(distances: readonly number[], flat?: FlatAxis): Cube[] {
  const all = new Set(distances);
  const outer = [...all].filter((distance) => !all.has(distance + 1));
  const inner = [...all].filter((distance) => !all.has(distance - 1)).map((distance) => distance - 1);
  const cube = (distance: number, sign: 1 | -1): Cube => ({
    reach: [0, 1, 2].map((axis) => (axis === flat ? 0 : distance)) as Vec3,
    sign,
  });
  return [...outer.map((distance) => cube(distance, 1)), ...inner.map((distance) => cube(distance, -1))];
}

/** Bits of numbers that are summed at once: a sum over a cube has 16. */
export function bitsPerSum({ reach: [rx, ry, rz] }: Cube): number {
  const voxels = (2 * rx + 1) * (2 * ry + 1) * (2 * rz + 1);
  return Math.floor(Math.log2(MOST / voxels + 1));
}

const MOST = 65535;

/** Where `sumAround` finds what it takes: numbers and spans, and room for its steps. */
export interface SumAddresses {
  numbers: number;
  spans: number;
  rows: number;
  planes: number;
}

/** Which bits of the numbers are summed: `bits` of them from bit `shift` on. */
export interface NumberBits {
  shift: number;
  bits: number;
}

/** Sums over the cube around every voxel of a region into an array (u16 per voxel of the box) at `sums`. */
export function sumAround(roi: VoxelRoi, { reach }: Cube, part: NumberBits, at: SumAddresses, sums: number): void {
  const { spans, size } = roi;
  const [rx, ry, rz] = reach;
  kernels().sumAround(
    ...([at.numbers, at.spans, spans.length / 2, size[0], size[0] * size[1], rx, ry, rz] as const),
    ...([part.shift, (1 << part.bits) - 1, at.rows, at.planes, sums] as const),
  );
}

/** They depend on the region alone, which serves many images. */
const knownCounts = new WeakMap<VoxelRoi, Map<string, Uint16Array>>();

/** For each voxel of a region (per voxel of its box) how many voxels of the region lie in the cubes around it. */
export function neighbourCounts(roi: VoxelRoi, cubes: readonly Cube[]): Uint16Array {
  const key = JSON.stringify(cubes);
  const known = knownCounts.get(roi) ?? new Map<string, Uint16Array>();
  knownCounts.set(roi, known);
  const counts = known.get(key) ?? countNeighbours(roi, cubes);
  known.set(key, counts);
  return counts;
}

function countNeighbours(roi: VoxelRoi, cubes: readonly Cube[]): Uint16Array {
  const { size, voxels, spans } = roi;
  const inside = new Uint16Array(size[0] * size[1] * size[2]);
  for (let n = 0; n < voxels.length; n++) inside[voxels[n]] = 1;
  const counts = new Uint16Array(inside.length);
  const bytes = inside.byteLength;
  const [numbers, spansAt, rows, planes, sumsAt] = place(inside, [spans.byteLength, bytes, bytes, bytes]);
  int32At(spansAt, spans.length).set(spans);
  const sums = uint16At(sumsAt, inside.length);
  for (const cube of cubes) {
    sumAround(roi, cube, { shift: 0, bits: 1 }, { numbers, spans: spansAt, rows, planes }, sumsAt);
    for (let n = 0; n < voxels.length; n++) counts[voxels[n]] += cube.sign * sums[voxels[n]];
  }
  return counts;
}
