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
    for (const loop of loops) {
      const extent = extentOf(loop);
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis], extent.low[axis] - reach * Math.abs(stack.normal[axis]));
        high[axis] = Math.max(high[axis], extent.high[axis] + reach * Math.abs(stack.normal[axis]));
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

/** Whether a loop keeps within the outer faces of the image, crosses them, or lies beyond. */
export function placeInGrid(loop: Float64Array, grid: Grid): 'inside' | 'across' | 'beyond' {
  const extent = extentOf(loop);
  const low = toIndex(extent.low, grid);
  const high = toIndex(extent.high, grid);
  const ends = grid.size.map((count) => count - 0.5 + ON_FACE);
  if (low.some((index, axis) => index > ends[axis]) || high.some((index) => index < -0.5 - ON_FACE)) return 'beyond';
  return low.every((index) => index >= -0.5 - ON_FACE) && high.every((index, axis) => index <= ends[axis])
    ? 'inside'
    : 'across';
}

function extentOf(loop: Float64Array): { low: Vec3; high: Vec3 } {
  const low: Vec3 = [loop[0], loop[1], loop[2]];
  const high: Vec3 = [loop[0], loop[1], loop[2]];
  for (let p = 3; p < loop.length; p += 3) {
    for (let axis = 0; axis < 3; axis++) {
      if (loop[p + axis] < low[axis]) low[axis] = loop[p + axis];
      if (loop[p + axis] > high[axis]) high[axis] = loop[p + axis];
    }
  }
  return { low, high };
}

function toIndex(alongMm: Vec3, grid: Grid): Vec3 {
  return [alongMm[0] / grid.spacingMm[0], alongMm[1] / grid.spacingMm[1], sliceIndex(grid, alongMm[2])];
}
