import { type Grid, sliceOffsetMm, voxelCount } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';

/** Points on a surface within a grid: one wherever it crosses the line between two neighbouring voxel centres. */
export interface SurfacePoints {
  /** x, y, z in mm along the axes of the grid from its first voxel centre. */
  positions: Float64Array;
  /** Unit vectors outward, along the same axes. */
  normals: Float64Array;
  /** How the normals turn around a point, mean over the directions along the surface, 1/mm: positive where it bulges outward. */
  curvatures: Float64Array;
  /** For each voxel the number of the nearest of the points on its own lines, or -1 without one. */
  beside: Int32Array;
}

/** Binomial weights of variance 1: the blur takes out the steps of the voxels. */
const [FAR, NEAR, HERE] = [1 / 16, 4 / 16, 6 / 16];
/** The surface of a solid lies where half of the blur's weight is inside. */
const SURFACE = 0.5;
/** A voxel lies at least this deep inside or outside of the blurred surface, whatever its neighbours say. */
const LEAST_DEPTH = 0.02;

/** The points where the surface of a blurred mask passes between voxel centres of different sides. */
export function surfacePoints(inside: Uint8Array, grid: Grid): SurfacePoints {
  const lattice = latticeOf(grid);
  const depths = depthsOf(inside, lattice);
  const crossings = countCrossings(inside, lattice);
  const positions = new Float64Array(3 * crossings);
  const normals = new Float64Array(3 * crossings);
  const beside = new Int32Array(inside.length).fill(-1);
  const nearestMm = new Float64Array(inside.length).fill(Number.POSITIVE_INFINITY);
  let point = 0;
  const keep = (v: number, mm: number) => {
    if (mm >= nearestMm[v]) return;
    nearestMm[v] = mm;
    beside[v] = point;
  };
  forEachCrossing(inside, lattice, (v, axis, index) => {
    const w = v + lattice.strides[axis];
    const [a, b] = [depthOn(depths[v], inside[v]), depthOn(depths[w], inside[w])];
    const part = a / (a - b);
    const gapMm = lattice.places[axis][index[axis] + 1] - lattice.places[axis][index[axis]];
    for (let n = 0; n < 3; n++) positions[3 * point + n] = lattice.places[n][index[n]];
    positions[3 * point + axis] += part * gapMm;
    addSlopes(normals, point, depths, lattice, v, index, 1 - part);
    index[axis]++;
    addSlopes(normals, point, depths, lattice, w, index, part);
    index[axis]--;
    normalise(normals, point);
    keep(v, part * gapMm);
    keep(w, (1 - part) * gapMm);
    point++;
  });
  const curvatures = curvaturesOf({ positions, normals, beside }, inside, lattice);
  return { positions, normals, curvatures, beside };
}

/** From the points beside the voxels around each. A radius below a step is one that the blur cannot show. */
function curvaturesOf(
  { positions, normals, beside }: Omit<SurfacePoints, 'curvatures'>,
  inside: Uint8Array,
  lattice: Lattice,
): Float64Array {
  const { size, places } = lattice;
  const [nx, ny, nz] = size;
  const stepMm = Math.min(...places.map((mm) => (mm.length > 1 ? mm[1] - mm[0] : Number.POSITIVE_INFINITY)));
  const curvatures = new Float64Array(positions.length / 3);
  let point = 0;
  forEachCrossing(inside, lattice, (_, axis, [i, j, k]) => {
    let [sum, count] = [0, 0];
    const last = [i, j, k].map((n, at) => n + (at === axis ? 2 : 1));
    for (let c = Math.max(0, k - 1); c <= Math.min(nz - 1, last[2]); c++)
      for (let b = Math.max(0, j - 1); b <= Math.min(ny - 1, last[1]); b++)
        for (let a = Math.max(0, i - 1); a <= Math.min(nx - 1, last[0]); a++) {
          const other = beside[a + nx * (b + ny * c)];
          if (other < 0 || other === point) continue;
          let [turned, square] = [0, 0];
          for (let n = 0; n < 3; n++) {
            const mm = positions[3 * other + n] - positions[3 * point + n];
            turned += mm * (normals[3 * other + n] - normals[3 * point + n]);
            square += mm * mm;
          }
          if (square < (stepMm / 2) ** 2) continue;
          sum += turned / square;
          count++;
        }
    const most = 1 / stepMm;
    curvatures[point++] = count === 0 ? 0 : Math.min(most, Math.max(-most, sum / count));
  });
  return curvatures;
}

/** Where the voxel centres of a grid lie along its axes, mm, and how far apart neighbours are stored. */
interface Lattice {
  size: Vec3;
  strides: Vec3;
  places: Float64Array[];
}

export function latticeOf(grid: Grid): Lattice {
  const [nx, ny] = grid.size;
  const at = (axis: number, n: number) => (axis === 2 ? sliceOffsetMm(grid, n) : n * grid.spacingMm[axis]);
  const places = grid.size.map((count, axis) => Float64Array.from({ length: count }, (_, n) => at(axis, n)));
  return { size: grid.size, strides: [1, nx, nx * ny], places };
}

/** The blurred mask, less what it is on the surface: positive inside. */
function depthsOf(inside: Uint8Array, { size, strides }: Lattice): Float32Array {
  const depths = new Float32Array(voxelCount({ size }));
  for (let v = 0; v < depths.length; v++) depths[v] = inside[v] - SURFACE;
  for (let axis = 0; axis < 3; axis++) blurAlong(depths, strides[axis], size[axis]);
  return depths;
}

/** On every line along an axis; lines end in emptiness. */
function blurAlong(data: Float32Array, stride: number, length: number): void {
  const step = stride * length;
  for (let block = 0; block < data.length; block += step)
    for (let start = block; start < block + stride; start++) {
      let a = -SURFACE;
      let b = -SURFACE;
      let c = data[start];
      let d = length > 1 ? data[start + stride] : -SURFACE;
      for (let n = 0, v = start; n < length; n++, v += stride) {
        const e = n + 2 < length ? data[v + 2 * stride] : -SURFACE;
        data[v] = FAR * (a + e) + NEAR * (b + d) + HERE * c;
        a = b;
        b = c;
        c = d;
        d = e;
      }
    }
}

function depthOn(depth: number, side: number): number {
  return side === 1 ? Math.max(depth, LEAST_DEPTH) : Math.min(depth, -LEAST_DEPTH);
}

function countCrossings(inside: Uint8Array, lattice: Lattice): number {
  let count = 0;
  forEachCrossing(inside, lattice, () => {
    count++;
  });
  return count;
}

/** Visit pairs of neighbours of different sides: the first voxel, the axis to the second, and the first one's index. */
function forEachCrossing(
  inside: Uint8Array,
  { size: [nx, ny, nz], strides: [, sy, sz] }: Lattice,
  visit: (v: number, axis: number, index: Vec3) => void,
): void {
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        const side = inside[v];
        if (i + 1 < nx && inside[v + 1] !== side) visit(v, 0, [i, j, k]);
        if (j + 1 < ny && inside[v + sy] !== side) visit(v, 1, [i, j, k]);
        if (k + 1 < nz && inside[v + sz] !== side) visit(v, 2, [i, j, k]);
      }
}

/** Adds the slope of the depths at a voxel, outward, times a weight. */
function addSlopes(
  normals: Float64Array,
  point: number,
  depths: Float32Array,
  { size, strides, places }: Lattice,
  v: number,
  index: Vec3,
  weight: number,
): void {
  for (let axis = 0; axis < 3; axis++) {
    const before = index[axis] > 0 ? 1 : 0;
    const after = index[axis] + 1 < size[axis] ? 1 : 0;
    const mm = places[axis][index[axis] + after] - places[axis][index[axis] - before];
    const rise = depths[v - before * strides[axis]] - depths[v + after * strides[axis]];
    if (mm > 0) normals[3 * point + axis] += (weight * rise) / mm;
  }
}

function normalise(normals: Float64Array, point: number): void {
  const [x, y, z] = normals.subarray(3 * point, 3 * point + 3);
  const length = Math.sqrt(x * x + y * y + z * z);
  if (length > 0) for (let axis = 0; axis < 3; axis++) normals[3 * point + axis] /= length;
}
