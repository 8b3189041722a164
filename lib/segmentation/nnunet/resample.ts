import { lengthOf, roundHalfEven, type Shape } from './array.ts';
import type { Resampling } from './plans.ts';
import { resize } from './resize.ts';

/** Voxels that are more than so many times longer along one axis are resampled slice by slice (nnU-Net's constant). */
const ANISOTROPY = 3;

/** Number of voxels that keep the extent of an image when their size changes. */
export function shapeAt(shape: Shape, fromMm: Shape, toMm: Shape): Shape {
  return shape.map((count, axis) => roundHalfEven((fromMm[axis] / toMm[axis]) * count)) as Shape;
}

/**
 * Resamples as nnU-Net does (resample_data_or_seg_to_shape): by splines of the given order along all axes; where voxels
 * are much longer along one axis, by splines within slices and by the nearest slice across.
 */
export function resample(
  data: Float32Array,
  shape: Shape,
  to: Shape,
  fromMm: Shape,
  toMm: Shape,
  { order, separate }: Resampling,
): Float32Array {
  if (shape.every((count, axis) => count === to[axis])) return data;
  const axis = separateAxis(fromMm, toMm, separate);
  if (axis === undefined) return Float32Array.from(resize(data, shape, to, order));
  return bySlices(data, shape, to, axis, (slice, from, size) => resize(slice, from, size, order));
}

/**
 * Resamples labels as nnU-Net does with batchgenerators 0.25.5 or later: each label's voxels by themselves, and the label
 * with the largest share wins; of equal ones the nearest, else the smallest.
 * @param labels any whole numbers
 */
export function resampleLabels(
  labels: Int32Array,
  shape: Shape,
  to: Shape,
  fromMm: Shape,
  toMm: Shape,
  { order, separate }: Resampling,
): Int32Array {
  if (shape.every((count, axis) => count === to[axis])) return labels;
  const axis = separateAxis(fromMm, toMm, separate);
  if (axis === undefined) return resizeLabels(labels, shape, to, order);
  const byLabel = (slice: Float32Array, from: Shape, size: Shape) =>
    Float64Array.from(resizeLabels(Int32Array.from(slice), from, size, order));
  return Int32Array.from(bySlices(Float32Array.from(labels), shape, to, axis, byLabel));
}

function resizeLabels(labels: Int32Array, shape: Shape, to: Shape, order: number): Int32Array {
  const nearest = Int32Array.from(resize(Float32Array.from(labels), shape, to, 0));
  const values = [...new Set(labels)].sort((a, b) => a - b);
  if (order === 0 || values.length === 1) return nearest;
  const best = new Float64Array(nearest.length).fill(-1);
  const winner = new Int32Array(nearest.length);
  const isNearestBest = new Uint8Array(nearest.length);
  for (const value of values) {
    const own = Float32Array.from(labels, (label) => Number(label === value));
    const share = resize(own, shape, to, order);
    for (let v = 0; v < share.length; v++) {
      if (share[v] < best[v]) continue;
      const isNearest = Number(nearest[v] === value);
      if (share[v] > best[v]) {
        best[v] = share[v];
        winner[v] = value;
        isNearestBest[v] = isNearest;
      } else isNearestBest[v] |= isNearest;
    }
  }
  return winner.map((value, v) => (isNearestBest[v] ? nearest[v] : value));
}

function separateAxis(fromMm: Shape, toMm: Shape, separate: boolean | null): 0 | 1 | 2 | undefined {
  const isLong = (mm: Shape) => Math.max(...mm) / Math.min(...mm) > ANISOTROPY;
  const deciding = separate === true || isLong(fromMm) ? fromMm : isLong(toMm) ? toMm : undefined;
  if (separate === false || !deciding) return undefined;
  const longest = ([0, 1, 2] as const).filter((axis) => deciding[axis] === Math.max(...deciding));
  return longest.length === 1 ? longest[0] : undefined;
}

function bySlices(
  data: Float32Array,
  shape: Shape,
  to: Shape,
  axis: 0 | 1 | 2,
  resizeSlice: (slice: Float32Array, from: Shape, size: Shape) => Float64Array,
): Float32Array {
  const within: Shape = [...to];
  within[axis] = shape[axis];
  const resized = new Float64Array(lengthOf(within));
  const slice: Shape = [...shape];
  slice[axis] = 1;
  const resizedSlice: Shape = [...within];
  resizedSlice[axis] = 1;
  for (let s = 0; s < shape[axis]; s++) {
    const one = sliceOf(data, shape, axis, s);
    putSlice(resizeSlice(one, slice, resizedSlice), resized, within, axis, s);
  }
  return Float32Array.from(resize(resized, within, to, 0));
}

/** Offsets of the voxels of a slice, in order. */
function sliceOffsets(shape: Shape, axis: 0 | 1 | 2, s: number): Int32Array {
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [first, second] = ([0, 1, 2] as const).filter((other) => other !== axis);
  const offsets = new Int32Array(shape[first] * shape[second]);
  for (let a = 0, at = 0; a < shape[first]; a++) {
    for (let b = 0; b < shape[second]; b++)
      offsets[at++] = s * strides[axis] + a * strides[first] + b * strides[second];
  }
  return offsets;
}

function sliceOf(data: Float32Array, shape: Shape, axis: 0 | 1 | 2, s: number): Float32Array {
  const offsets = sliceOffsets(shape, axis, s);
  return Float32Array.from(offsets, (offset) => data[offset]);
}

function putSlice(values: Float64Array, into: Float64Array, shape: Shape, axis: 0 | 1 | 2, s: number): void {
  const offsets = sliceOffsets(shape, axis, s);
  for (let v = 0; v < values.length; v++) into[offsets[v]] = values[v];
}
