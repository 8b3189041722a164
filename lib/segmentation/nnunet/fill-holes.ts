import { lengthOf, type Shape } from './array.ts';

/**
 * 1 for voxels that are not 0 and for those that they enclose on all sides (scipy's binary_fill_holes: faces connect).
 */
export function filledMask(data: Float32Array, shape: Shape): Uint8Array {
  const OUTSIDE = 2;
  const [n0, n1, n2] = shape;
  const mask = new Uint8Array(lengthOf(shape));
  for (let v = 0; v < mask.length; v++) mask[v] = data[v] !== 0 ? 1 : 0;
  const strides = [n1 * n2, n2, 1];
  const queue: number[] = [];
  const reach = (v: number) => {
    if (mask[v] !== 0) return;
    mask[v] = OUTSIDE;
    queue.push(v);
  };
  for (let a = 0, v = 0; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      for (let c = 0; c < n2; c++, v++) {
        if (a === 0 || b === 0 || c === 0 || a === n0 - 1 || b === n1 - 1 || c === n2 - 1) reach(v);
      }
    }
  }
  for (let v = queue.pop(); v !== undefined; v = queue.pop()) {
    const index = [Math.floor(v / strides[0]), Math.floor(v / n2) % n1, v % n2];
    for (let axis = 0; axis < 3; axis++) {
      if (index[axis] > 0) reach(v - strides[axis]);
      if (index[axis] < shape[axis] - 1) reach(v + strides[axis]);
    }
  }
  for (let v = 0; v < mask.length; v++) mask[v] = mask[v] === OUTSIDE ? 0 : 1;
  return mask;
}
