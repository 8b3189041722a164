import type { Vec3 } from '../math/vec3.ts';
import type { Box, Mask } from './grid.ts';

export const EMPTY_BOX: Box = { start: [0, 0, 0], size: [0, 0, 0] };

export function isEmptyBox(box: Box): boolean {
  return box.size[0] <= 0 || box.size[1] <= 0 || box.size[2] <= 0;
}

/** The box of a whole grid. */
export function boxOf(grid: { size: Vec3 }): Box {
  return { start: [0, 0, 0], size: [...grid.size] };
}

export function endOf(box: Box): Vec3 {
  return [box.start[0] + box.size[0], box.start[1] + box.size[1], box.start[2] + box.size[2]];
}

export function intersectBoxes(a: Box, b: Box): Box {
  const endA = endOf(a);
  const endB = endOf(b);
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    start[axis] = Math.max(a.start[axis], b.start[axis]);
    size[axis] = Math.min(endA[axis], endB[axis]) - start[axis];
  }
  const box = { start, size };
  return isEmptyBox(box) ? EMPTY_BOX : box;
}

/** The smallest box that holds both; an empty one adds nothing. */
export function uniteBoxes(a: Box, b: Box): Box {
  if (isEmptyBox(a)) return b;
  if (isEmptyBox(b)) return a;
  const endA = endOf(a);
  const endB = endOf(b);
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    start[axis] = Math.min(a.start[axis], b.start[axis]);
    size[axis] = Math.max(endA[axis], endB[axis]) - start[axis];
  }
  return { start, size };
}

/** `before` voxels more at the low side and `after` voxels more at the high side of each axis; may leave the grid. */
export function growBox(box: Box, before: Vec3, after: Vec3 = before): Box {
  if (isEmptyBox(box)) return EMPTY_BOX;
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    start[axis] = box.start[axis] - before[axis];
    size[axis] = box.size[axis] + before[axis] + after[axis];
  }
  return { start, size };
}

/** The smallest box around the voxels of a mask; empty when it has none. */
export function boundingBox(mask: Mask): Box {
  const [nx, ny, nz] = mask.box.size;
  const { data } = mask;
  let [i0, i1, j0, j1, k0, k1] = [nx, -1, ny, -1, nz, -1];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, at += nx) {
      const row = data.subarray(at, at + nx);
      const first = row.indexOf(1);
      if (first < 0) continue;
      const last = row.lastIndexOf(1);
      if (first < i0) i0 = first;
      if (last > i1) i1 = last;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
      if (k < k0) k0 = k;
      k1 = k;
    }
  }
  if (k1 < 0) return EMPTY_BOX;
  const [si, sj, sk] = mask.box.start;
  return { start: [si + i0, sj + j0, sk + k0], size: [i1 - i0 + 1, j1 - j0 + 1, k1 - k0 + 1] };
}
