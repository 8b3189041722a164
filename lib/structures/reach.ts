import { EMPTY_BOX, isEmptyBox } from '../image/box.ts';
import { type Box, type Grid, sliceIndex } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { ON_FACE } from './scanline.ts';
import type { StackWithSlabs } from './slabs.ts';

/** The smallest box of voxels that a stack can reach; it may leave the grid. */
export function reachOf(stack: StackWithSlabs, grid: Grid): Box {
  const low: Vec3 = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Vec3 = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  stack.planes.forEach(({ loops, levelMm }, p) => {
    const { lowMm, highMm } = stack.slabs[p];
    const reach = Math.max(levelMm - lowMm, highMm - levelMm);
    for (let axis = 0; axis < 3; axis++) {
      const margin = reach * Math.abs(stack.normal[axis]);
      for (const loop of loops) {
        for (let at = axis; at < loop.length; at += 3) {
          low[axis] = Math.min(low[axis], loop[at] - margin);
          high[axis] = Math.max(high[axis], loop[at] + margin);
        }
      }
    }
  });
  const first = toIndex(low, grid).map((index) => Math.ceil(index - ON_FACE));
  const last = toIndex(high, grid).map((index) => Math.floor(index + ON_FACE));
  const box: Box = {
    start: [first[0], first[1], first[2]],
    size: [last[0] - first[0] + 1, last[1] - first[1] + 1, last[2] - first[2] + 1],
  };
  return isEmptyBox(box) ? EMPTY_BOX : box;
}

/** True when a point of the loop lies beyond the outer faces of the image. */
export function leavesGrid(loop: Float64Array, grid: Grid): boolean {
  for (let p = 0; p < loop.length; p += 3) {
    const index = toIndex([loop[p], loop[p + 1], loop[p + 2]], grid);
    for (let axis = 0; axis < 3; axis++) {
      if (index[axis] < -0.5 - ON_FACE || index[axis] > grid.size[axis] - 0.5 + ON_FACE) return true;
    }
  }
  return false;
}

function toIndex(alongMm: Vec3, grid: Grid): Vec3 {
  return [alongMm[0] / grid.spacingMm[0], alongMm[1] / grid.spacingMm[1], sliceIndex(grid, alongMm[2])];
}
