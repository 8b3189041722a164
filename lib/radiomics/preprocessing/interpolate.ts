import type { Box, VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float64At, int32At, kernels, place } from '../kernels/kernels.ts';
import { cubicWeights } from './bspline.ts';

export type Interpolator = 'sitkBSpline' | 'sitkLinear' | 'sitkNearestNeighbor';

/** Samples to interpolate between: B-spline coefficients for sitkBSpline, else the intensities. */
export interface Source {
  data: VoxelArray;
  size: Vec3;
}

/**
 * Where the voxels of a new grid lie in the index space of a source of the same orientation: fractional index of each
 * column, row and slice.
 */
export type AxisPositions = [Float64Array, Float64Array, Float64Array];

/**
 * Samples `source` at the crossings of three sets of positions. Points outside the buffer (below -0.5 or from n - 0.5) give
 * 0. Sums follow ITK's order, so that truncating to integers afterwards gives the same numbers.
 */
export function interpolate(source: Source, positions: AxisPositions, interpolator: Interpolator): Float64Array {
  const out = new Float64Array(positions[0].length * positions[1].length * positions[2].length);
  if (interpolator === 'sitkBSpline') sampleCubic(source, positions, out);
  else if (interpolator === 'sitkLinear') sampleLinear(source, positions, out);
  else sampleNearest(source, positions, out);
  return out;
}

/** Only the part of the coefficients that the positions reach is handed to the kernel. */
function sampleCubic(source: Source, positions: AxisPositions, out: Float64Array): void {
  const taps = positions.map((at, axis) => cubicTaps(at, source.size[axis]));
  const reached = reachedBox(taps);
  const data = cut(source, reached);
  const strides = stridesOf(reached.size);
  const [x, y, z] = taps.map((axisTaps, axis) => offsetsOf(axisTaps, strides[axis], reached.start[axis]));
  const [nx, ny, nz] = positions.map((at) => at.length);
  const padded = Math.ceil(nx / 4) * 4;
  const [dataAt, xAt, wxAt, rowsAt, wyAt, wzAt, planes, outAt] = place(data, [
    ...[16 * padded, 32 * padded, 64, 32, 32, 512, 8 * padded],
  ]);
  int32At(xAt, 4 * padded)
    .fill(0)
    .set(x);
  float64At(wxAt, 4 * padded)
    .fill(0)
    .set(taps[0].weights);
  const rows = int32At(rowsAt, 16);
  const row = float64At(outAt, nx);
  for (let k = 0; k < nz; k++) {
    float64At(wzAt, 4).set(taps[2].weights.subarray(4 * k, 4 * k + 4));
    for (let j = 0; j < ny; j++) {
      if (taps[1].inside[j] === 0 || taps[2].inside[k] === 0) continue;
      float64At(wyAt, 4).set(taps[1].weights.subarray(4 * j, 4 * j + 4));
      for (let n = 0; n < 16; n++) rows[n] = z[4 * k + (n >> 2)] + y[4 * j + (n & 3)];
      kernels().sampleCubicRow(dataAt, xAt, wxAt, rowsAt, wyAt, wzAt, padded, planes, outAt);
      out.set(row, nx * (j + ny * k));
    }
  }
}

function sampleLinear(source: Source, positions: AxisPositions, out: Float64Array): void {
  const { data } = source;
  const taps = positions.map((at, axis) => linearTaps(at, source.size[axis]));
  const strides = stridesOf(source.size);
  const [x, y, z] = taps.map((axisTaps, axis) => offsetsOf(axisTaps, strides[axis], 0));
  const [xTaps, yTaps, zTaps] = taps;
  let p = 0;
  for (let k = 0; k < positions[2].length; k++) {
    const wz = zTaps.weights[2 * k + 1];
    for (let j = 0; j < positions[1].length; j++) {
      const wy = yTaps.weights[2 * j + 1];
      const near0 = z[2 * k] + y[2 * j];
      const far0 = z[2 * k] + y[2 * j + 1];
      const near1 = z[2 * k + 1] + y[2 * j];
      const far1 = z[2 * k + 1] + y[2 * j + 1];
      for (let i = 0; i < positions[0].length; i++, p++) {
        if (xTaps.inside[i] === 0 || yTaps.inside[j] === 0 || zTaps.inside[k] === 0) continue;
        const wx = xTaps.weights[2 * i + 1];
        const [a, b] = [x[2 * i], x[2 * i + 1]];
        const below = between(data[near0 + a], data[near0 + b], data[far0 + a], data[far0 + b], wx, wy);
        const above = between(data[near1 + a], data[near1 + b], data[far1 + a], data[far1 + b], wx, wy);
        out[p] = below + (above - below) * wz;
      }
    }
  }
}

function between(a: number, b: number, c: number, d: number, wx: number, wy: number): number {
  const near = a + (b - a) * wx;
  const far = c + (d - c) * wx;
  return near + (far - near) * wy;
}

function sampleNearest(source: Source, positions: AxisPositions, out: Float64Array): void {
  const { data } = source;
  const taps = positions.map((at, axis) => nearestTaps(at, source.size[axis]));
  const strides = stridesOf(source.size);
  const [x, y, z] = taps.map((axisTaps, axis) => offsetsOf(axisTaps, strides[axis], 0));
  let p = 0;
  for (let k = 0; k < positions[2].length; k++) {
    for (let j = 0; j < positions[1].length; j++) {
      if (taps[1].inside[j] === 0 || taps[2].inside[k] === 0) {
        p += positions[0].length;
        continue;
      }
      for (let i = 0; i < positions[0].length; i++, p++) {
        if (taps[0].inside[i] === 1) out[p] = data[x[i] + y[j] + z[k]];
      }
    }
  }
}

/** Indices along one axis and weights of the samples that a position takes, `width` per position; all 0 outside. */
interface Taps {
  indices: Int32Array;
  weights: Float64Array;
  inside: Uint8Array;
}

function cubicTaps(positions: Float64Array, size: number): Taps {
  const last = size - 1;
  return tapsOf(positions, size, 4, (position) => {
    const second = Math.floor(position);
    const at = [second - 1, second, second + 1, second + 2].map((i) => {
      if (last === 0) return 0;
      const mirrored = i < 0 ? -i : i > last ? 2 * last - i : i;
      return Math.min(Math.max(mirrored, 0), last);
    });
    return [at, cubicWeights(position - second)];
  });
}

function linearTaps(positions: Float64Array, size: number): Taps {
  return tapsOf(positions, size, 2, (position) => {
    const below = Math.max(Math.floor(position), 0);
    const weight = Math.max(position - below, 0);
    return [
      [below, Math.min(below + 1, size - 1)],
      [1 - weight, weight],
    ];
  });
}

function nearestTaps(positions: Float64Array, size: number): Taps {
  return tapsOf(positions, size, 1, (position) => [[Math.floor(position + 0.5)], [1]]);
}

function tapsOf(
  positions: Float64Array,
  size: number,
  width: number,
  at: (position: number) => [number[], number[]],
): Taps {
  const taps: Taps = {
    indices: new Int32Array(width * positions.length),
    weights: new Float64Array(width * positions.length),
    inside: new Uint8Array(positions.length),
  };
  positions.forEach((position, n) => {
    if (!(position >= -0.5 && position < size - 0.5)) return;
    const [indices, weights] = at(position);
    taps.inside[n] = 1;
    taps.indices.set(indices, width * n);
    taps.weights.set(weights, width * n);
  });
  return taps;
}

function offsetsOf({ indices, inside }: Taps, stride: number, first: number): Int32Array {
  const width = indices.length / inside.length;
  return indices.map((index, n) => (inside[Math.floor(n / width)] === 0 ? 0 : (index - first) * stride));
}

function stridesOf(size: Vec3): Vec3 {
  return [1, size[0], size[0] * size[1]];
}

/** The smallest box of the source that holds every sample taken; one sample when none is. */
function reachedBox(taps: Taps[]): Box {
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [1, 1, 1];
  taps.forEach(({ indices, inside }, axis) => {
    const width = indices.length / inside.length;
    const used = indices.filter((_, n) => inside[Math.floor(n / width)] === 1);
    if (used.length === 0) return;
    start[axis] = used.reduce((a, b) => Math.min(a, b));
    size[axis] = used.reduce((a, b) => Math.max(a, b)) - start[axis] + 1;
  });
  return { start, size };
}

function cut({ data, size }: Source, box: Box): Float64Array {
  const [bx, by, bz] = box.size;
  const out = new Float64Array(bx * by * bz);
  for (let k = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      const from = box.start[0] + size[0] * (box.start[1] + j + size[1] * (box.start[2] + k));
      out.set(data.subarray(from, from + bx), bx * (j + by * k));
    }
  }
  return out;
}
