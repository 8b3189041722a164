/** Three axes in the order of numpy: the last one is contiguous. */
export type Shape = [number, number, number];

/** An image as nnU-Net sees it: axes z, y, x of the file, or a permutation of them. */
export interface NetworkArray {
  shape: Shape;
  data: Float32Array;
}

/** First voxel and number of voxels along each axis. */
export interface ArrayBox {
  start: Shape;
  shape: Shape;
}

export function lengthOf([a, b, c]: Shape): number {
  return a * b * c;
}

/** Axis i of the result is axis `order[i]` of the array. */
export function permute<T extends Float32Array | Uint8Array | Uint16Array>(data: T, shape: Shape, order: Shape): T {
  if (order.every((axis, i) => axis === i)) return data;
  const strides = [shape[1] * shape[2], shape[2], 1];
  const [s0, s1, s2] = order.map((axis) => strides[axis]);
  const [n0, n1, n2] = order.map((axis) => shape[axis]);
  const result = data.slice() as T;
  for (let a = 0, at = 0; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      let from = a * s0 + b * s1;
      for (let c = 0; c < n2; c++, at++, from += s2) result[at] = data[from];
    }
  }
  return result;
}

/** Copies a box of one array to a place in another. Parts outside either array are skipped. */
export function copyBox<T extends Float32Array | Uint8Array | Uint16Array>(
  from: { data: T; shape: Shape; start: Shape },
  to: { data: T; shape: Shape; start: Shape },
  box: Shape,
): void {
  for (let a = 0; a < box[0]; a++) {
    for (let b = 0; b < box[1]; b++) {
      const source = from.start[2] + from.shape[2] * (from.start[1] + b + from.shape[1] * (from.start[0] + a));
      const target = to.start[2] + to.shape[2] * (to.start[1] + b + to.shape[1] * (to.start[0] + a));
      to.data.set(from.data.subarray(source, source + box[2]) as never, target);
    }
  }
}

export const ORIGIN: Shape = [0, 0, 0];

/** Python's round: halves go to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
