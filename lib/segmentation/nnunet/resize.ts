import { lengthOf, type Shape } from './array.ts';

/** For each new position along an axis where it takes its values from, and how much of each. */
interface Taps {
  /** Of the coefficient line, `count` per position. */
  first: Int32Array;
  weights: Float64Array;
  count: number;
}

/** Samples that a line is continued by at both ends before a spline is fitted (scipy's zoom). */
const PAD = 12;
const POLE = Math.sqrt(3) - 2;

/**
 * An array with another number of voxels along some axes, over the same extent: voxel edges stay where they are, and
 * the outer values go on beyond them. As scikit-image's `resize` without smoothing: order 0 nearest, 1 linear, 3 cubic
 * B-splines whose values are clipped to the range of the array.
 */
export function resize(data: Float32Array | Float64Array, shape: Shape, to: Shape, order: number): Float64Array {
  let current: Float64Array = Float64Array.from(data);
  let size: Shape = [...shape];
  for (const axis of [0, 1, 2] as const) {
    if (size[axis] === to[axis]) continue;
    const next: Shape = [...size];
    next[axis] = to[axis];
    current = resizeAxis(current, size, next, axis, order);
    size = next;
  }
  return order > 1 ? clipped(current, data) : current;
}

function resizeAxis(data: Float64Array, from: Shape, to: Shape, axis: 0 | 1 | 2, order: number): Float64Array {
  const [before, after] = [from[axis], to[axis]];
  const inner = axis === 0 ? from[1] * from[2] : axis === 1 ? from[2] : 1;
  const outer = lengthOf(from) / (before * inner);
  const { first, weights, count } = tapsOf(before, after, order);
  const pad = order > 1 ? PAD : 0;
  const line = new Float64Array(before + 2 * pad);
  const result = new Float64Array(lengthOf(to));
  for (let o = 0; o < outer; o++) {
    for (let n = 0; n < inner; n++) {
      const start = o * before * inner + n;
      for (let p = 0; p < line.length; p++) {
        line[p] = data[start + inner * Math.min(Math.max(p - pad, 0), before - 1)];
      }
      if (order > 1) toCoefficients(line);
      const target = o * after * inner + n;
      for (let q = 0, w = 0; q < after; q++) {
        let sum = 0;
        for (let t = 0; t < count; t++, w++) sum += weights[w] * line[first[q] + t];
        result[target + q * inner] = sum;
      }
    }
  }
  return result;
}

function tapsOf(before: number, after: number, order: number): Taps {
  const count = order === 3 ? 4 : order === 1 ? 2 : 1;
  const first = new Int32Array(after);
  const weights = new Float64Array(after * count);
  for (let q = 0; q < after; q++) {
    const x = ((q + 0.5) * before) / after - 0.5;
    if (order === 3) {
      const padded = x + PAD;
      first[q] = Math.floor(padded) - 1;
      weights.set(cubicWeights(padded - Math.floor(padded)), 4 * q);
    } else if (order === 1) {
      const inside = Math.min(Math.max(x, 0), before - 1);
      first[q] = Math.min(Math.floor(inside), Math.max(before - 2, 0));
      const f = inside - first[q];
      weights.set(before === 1 ? [1, 0] : [1 - f, f], 2 * q);
    } else {
      first[q] = Math.min(Math.max(Math.floor(x + 0.5), 0), before - 1);
      weights[q] = 1;
    }
  }
  return { first, weights, count };
}

function cubicWeights(f: number): number[] {
  const g = 1 - f;
  return [g ** 3 / 6, 2 / 3 - f * f + f ** 3 / 2, 2 / 3 - g * g + g ** 3 / 2, f ** 3 / 6];
}

/** Values become coefficients of cubic B-splines, with ends that are reflected (Unser 1999, doi:10.1109/79.799930). */
function toCoefficients(line: Float64Array): void {
  const n = line.length;
  for (let i = 0; i < n; i++) line[i] *= 6;
  const first = line[0];
  let power = POLE;
  const far = POLE ** n;
  let sum = first + far * line[n - 1];
  for (let i = 1; i < n; i++, power *= POLE) sum += power * (line[i] + far * line[n - 1 - i]);
  line[0] = first + (sum * POLE) / (1 - far * far);
  for (let i = 1; i < n; i++) line[i] += POLE * line[i - 1];
  line[n - 1] *= POLE / (POLE - 1);
  for (let i = n - 2; i >= 0; i--) line[i] = POLE * (line[i + 1] - line[i]);
}

function clipped(values: Float64Array, range: Float32Array | Float64Array): Float64Array {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < range.length; v++) {
    if (range[v] < low) low = range[v];
    if (range[v] > high) high = range[v];
  }
  for (let v = 0; v < values.length; v++) values[v] = Math.min(Math.max(values[v], low), high);
  return values;
}
