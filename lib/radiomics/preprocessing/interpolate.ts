import type { VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
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

/** Offsets into the source and weights of the samples that a position takes, `width` per position; all 0 outside. */
interface Taps {
  offsets: Int32Array;
  weights: Float64Array;
  inside: Uint8Array;
}

function sampleCubic(source: Source, positions: AxisPositions, out: Float64Array): void {
  const { data } = source;
  const [x, y, z] = positions.map((at, axis) => cubicTaps(at, source.size, axis));
  const plane = new Float64Array(16);
  let p = 0;
  for (let k = 0; k < positions[2].length; k++) {
    for (let j = 0; j < positions[1].length; j++) {
      if (y.inside[j] === 0 || z.inside[k] === 0) {
        p += positions[0].length;
        continue;
      }
      for (let i = 0; i < positions[0].length; i++, p++) {
        if (x.inside[i] === 0) continue;
        for (let b = 0, n = 0; b < 4; b++) {
          for (let a = 0; a < 4; a++) plane[n++] = x.weights[4 * i + a] * y.weights[4 * j + b];
        }
        const [x0, x1, x2, x3] = [x.offsets[4 * i], x.offsets[4 * i + 1], x.offsets[4 * i + 2], x.offsets[4 * i + 3]];
        let sum = 0;
        for (let c = 0; c < 4; c++) {
          const wz = z.weights[4 * k + c];
          const zo = z.offsets[4 * k + c];
          for (let b = 0; b < 4; b++) {
            const row = zo + y.offsets[4 * j + b];
            sum += plane[4 * b] * wz * data[row + x0];
            sum += plane[4 * b + 1] * wz * data[row + x1];
            sum += plane[4 * b + 2] * wz * data[row + x2];
            sum += plane[4 * b + 3] * wz * data[row + x3];
          }
        }
        out[p] = sum;
      }
    }
  }
}

function sampleLinear(source: Source, positions: AxisPositions, out: Float64Array): void {
  const { data } = source;
  const [x, y, z] = positions.map((at, axis) => linearTaps(at, source.size, axis));
  let p = 0;
  for (let k = 0; k < positions[2].length; k++) {
    for (let j = 0; j < positions[1].length; j++) {
      for (let i = 0; i < positions[0].length; i++, p++) {
        if (x.inside[i] === 0 || y.inside[j] === 0 || z.inside[k] === 0) continue;
        const wx = x.weights[2 * i + 1];
        const wy = y.weights[2 * j + 1];
        const corners = [0, 1].map((c) => {
          const zo = z.offsets[2 * k + c];
          const [near, far] = [zo + y.offsets[2 * j], zo + y.offsets[2 * j + 1]];
          const low = data[near + x.offsets[2 * i]];
          const nearRow = low + (data[near + x.offsets[2 * i + 1]] - low) * wx;
          const high = data[far + x.offsets[2 * i]];
          const farRow = high + (data[far + x.offsets[2 * i + 1]] - high) * wx;
          return nearRow + (farRow - nearRow) * wy;
        });
        out[p] = corners[0] + (corners[1] - corners[0]) * z.weights[2 * k + 1];
      }
    }
  }
}

function sampleNearest(source: Source, positions: AxisPositions, out: Float64Array): void {
  const { data } = source;
  const [x, y, z] = positions.map((at, axis) => nearestTaps(at, source.size, axis));
  let p = 0;
  for (let k = 0; k < positions[2].length; k++) {
    for (let j = 0; j < positions[1].length; j++) {
      for (let i = 0; i < positions[0].length; i++, p++) {
        if (x.inside[i] === 0 || y.inside[j] === 0 || z.inside[k] === 0) continue;
        out[p] = data[x.offsets[i] + y.offsets[j] + z.offsets[k]];
      }
    }
  }
}

function cubicTaps(positions: Float64Array, size: Vec3, axis: number): Taps {
  const last = size[axis] - 1;
  return taps(positions, size, axis, 4, (position) => {
    const second = Math.floor(position);
    const at = [second - 1, second, second + 1, second + 2].map((i) => {
      if (last === 0) return 0;
      const mirrored = i < 0 ? -i : i > last ? 2 * last - i : i;
      return Math.min(Math.max(mirrored, 0), last);
    });
    return [at, cubicWeights(position - second)];
  });
}

function linearTaps(positions: Float64Array, size: Vec3, axis: number): Taps {
  const last = size[axis] - 1;
  return taps(positions, size, axis, 2, (position) => {
    const below = Math.max(Math.floor(position), 0);
    const weight = Math.max(position - below, 0);
    return [
      [below, Math.min(below + 1, last)],
      [1 - weight, weight],
    ];
  });
}

function nearestTaps(positions: Float64Array, size: Vec3, axis: number): Taps {
  return taps(positions, size, axis, 1, (position) => [[Math.floor(position + 0.5)], [1]]);
}

function taps(
  positions: Float64Array,
  size: Vec3,
  axis: number,
  width: number,
  at: (position: number) => [number[], number[]],
): Taps {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const offsets = new Int32Array(width * positions.length);
  const weights = new Float64Array(width * positions.length);
  const inside = new Uint8Array(positions.length);
  positions.forEach((position, n) => {
    if (!(position >= -0.5 && position < size[axis] - 0.5)) return;
    inside[n] = 1;
    const [indices, shares] = at(position);
    for (let t = 0; t < width; t++) {
      offsets[width * n + t] = indices[t] * stride;
      weights[width * n + t] = shares[t];
    }
  });
  return { offsets, weights, inside };
}
