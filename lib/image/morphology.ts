import type { Vec3 } from '../math/vec3.ts';
import { boxOf, growBox, intersectBoxes, isEmptyBox } from './box.ts';
import type { WayCosts } from './envelope-sweep.ts';
import { type Grid, type Mask, sliceOffsetMm } from './grid.ts';
import { cropMask, emptyMask, reframeMask } from './mask.ts';
import { withinSurface } from './sub-voxel-surface.ts';

/** How far something reaches along the axes of a grid, towards higher and towards lower index, mm; none negative. */
export interface Reach {
  up: Vec3;
  down: Vec3;
}

/** Distances that differ by less are one distance. */
const TOLERANCE = 1e-5;

/**
 * The surface of a mask moved outward by the reach: a voxel belongs to the result when its centre lies within the reach of
 * the surface, whose place between the voxels is estimated. Where the directions differ, each octant is that of an
 * ellipsoid with its semi-axes; where the reach is 0 nothing moves.
 */
export function dilate(mask: Mask, reach: Reach): Mask {
  if (isEmptyBox(mask.box)) return emptyMask(mask.grid);
  const box = intersectBoxes(growByReach(mask, reach), boxOf(mask.grid));
  const data = withinReach(mask, box, 1, reach);
  return cropMask({ grid: mask.grid, box, data });
}

/**
 * The voxels of a mask that nothing outside reaches: `reach.up` takes away from the side of higher index. Beyond the
 * grid nothing is inside, so a mask that touches its border shrinks there too.
 */
export function erode(mask: Mask, reach: Reach): Mask {
  if (isEmptyBox(mask.box)) return emptyMask(mask.grid);
  const around = growBox(mask.box, [1, 1, 1]);
  const data = withinReach(mask, around, 0, { up: reach.down, down: reach.up });
  for (let v = 0; v < data.length; v++) data[v] = 1 - data[v];
  return cropMask(reframeMask({ grid: mask.grid, box: around, data }, mask.box));
}

/** 1 where a voxel has the value of the seed or lies within reach of its surface. */
function withinReach(mask: Mask, box: Mask['box'], seed: 0 | 1, reach: Reach): Uint8Array {
  const { data } = reframeMask(mask, box);
  if (seed === 0) for (let v = 0; v < data.length; v++) data[v] = 1 - data[v];
  const wayCost = (mm: number) => (mm > 0 ? 1 / mm ** 2 : Number.POSITIVE_INFINITY);
  const ways = [0, 1, 2].map((axis): WayCosts => ({ up: wayCost(reach.up[axis]), down: wayCost(reach.down[axis]) }));
  return withinSurface({ grid: mask.grid, box, data }, ways, 1 + TOLERANCE);
}

/** The box that the reach can fill, whatever the slice gaps. */
function growByReach({ grid, box }: Mask, reach: Reach) {
  const before = [0, 1, 2].map((axis) => voxelsWithin(grid, axis, reach.down[axis], box.start[axis], -1)) as Vec3;
  const after = [0, 1, 2].map((axis) =>
    voxelsWithin(grid, axis, reach.up[axis], box.start[axis] + box.size[axis] - 1, 1),
  ) as Vec3;
  return growBox(box, before, after);
}

function voxelsWithin(grid: Grid, axis: number, mm: number, from: number, step: 1 | -1): number {
  if (axis !== 2) return Math.ceil(mm / grid.spacingMm[axis]) + 1;
  const start = sliceOffsetMm(grid, from);
  let count = 0;
  while (Math.abs(sliceOffsetMm(grid, from + step * count) - start) <= mm + grid.spacingMm[2] && count <= grid.size[2])
    count++;
  return count + 1;
}
