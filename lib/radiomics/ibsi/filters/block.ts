import { boxOf } from '../../../image/box.ts';
import type { Box, Volume } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';

/**
 * What lies outside the image (IBSI 2, GBYQ): zeros, the nearest voxel, the image again, or its mirror image with the
 * edge voxel repeated (d c b a | a b c d | d c b a).
 */
export const BOUNDARIES = ['zero', 'nearest', 'periodic', 'mirror'] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** Numbers on a part of an image; index di + bx (dj + by dk) as in a mask. */
export interface Block {
  imageSize: Vec3;
  box: Box;
  data: Float64Array;
}

/** A copy of the part `box` of an image. */
export function blockOf(volume: Volume, box: Box): Block {
  const whole = { imageSize: volume.grid.size, box: boxOf(volume.grid), data: volume.data };
  return { imageSize: volume.grid.size, box, data: gather(whole, box, 'zero') };
}

/** The voxels of the image that a kernel of half-width `reach` needs to answer for `box`. */
export function grow(box: Box, reach: Vec3, imageSize: Vec3, boundary: Boundary): Box {
  const start: Vec3 = [0, 0, 0];
  const size: Vec3 = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const from = box.start[axis] - reach[axis];
    const to = box.start[axis] + box.size[axis] + reach[axis];
    const inside = from >= 0 && to <= imageSize[axis];
    const all = !inside && boundary === 'periodic';
    start[axis] = all ? 0 : Math.max(from, 0);
    size[axis] = all ? imageSize[axis] : Math.min(to, imageSize[axis]) - start[axis];
  }
  return { start, size };
}

/** The numbers of `box`, which may leave the image: there the boundary rule speaks. */
export function gather(
  from: { imageSize: Vec3; box: Box; data: ArrayLike<number> },
  box: Box,
  boundary: Boundary,
): Float64Array {
  const [mapX, mapY, mapZ] = [0, 1, 2].map((axis) => sourceIndices(from, box, axis, boundary));
  const [nx, ny] = from.box.size;
  const { data } = from;
  const to = new Float64Array(mapX.length * mapY.length * mapZ.length);
  let at = 0;
  for (let k = 0; k < mapZ.length; k++) {
    for (let j = 0; j < mapY.length; j++) {
      const row = nx * (mapY[j] + ny * mapZ[k]);
      const missing = mapY[j] < 0 || mapZ[k] < 0;
      for (let i = 0; i < mapX.length; i++, at++) {
        if (!missing && mapX[i] >= 0) to[at] = data[row + mapX[i]];
      }
    }
  }
  return to;
}

/** For each index of `box` along an axis the index in the data of `from`; -1 where the answer is zero. */
function sourceIndices(from: { imageSize: Vec3; box: Box }, box: Box, axis: number, boundary: Boundary): Int32Array {
  const n = from.imageSize[axis];
  const first = from.box.start[axis];
  return Int32Array.from({ length: box.size[axis] }, (_, d) => {
    const index = reflectInto(box.start[axis] + d, n, boundary);
    return index < 0 ? -1 : index - first;
  });
}

/** Where an index outside of 0 ... n - 1 is read; -1 for nowhere. */
const BEYOND: Record<Boundary, (index: number, n: number) => number> = {
  zero: () => -1,
  nearest: (index, n) => (index < 0 ? 0 : n - 1),
  periodic: (index, n) => wrap(index, n),
  mirror: (index, n) => {
    const wrapped = wrap(index, 2 * n);
    return wrapped < n ? wrapped : 2 * n - 1 - wrapped;
  },
};

function wrap(index: number, period: number): number {
  return ((index % period) + period) % period;
}

function reflectInto(index: number, n: number, boundary: Boundary): number {
  return index >= 0 && index < n ? index : BEYOND[boundary](index, n);
}
