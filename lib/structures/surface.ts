import { boxOf } from '../image/box.ts';
import { type Box, type Grid, type Mask, sliceOffsetMm } from '../image/grid.ts';
import { reframeMask } from '../image/mask.ts';
import { sliceThicknessesMm } from '../image/slice-thickness.ts';
import type { Vec3 } from '../math/vec3.ts';

/** The surface of a mask: the corners where voxels inside and outside meet, and the area around each of them. */
export interface Surface {
  /** Corners as voxels of a grid of their own. */
  corners: Mask;
  /** Area of the voxel faces around each corner, mm^2, a quarter of each face; index as `corners`. */
  areasMm2: Float32Array;
}

/** @param box voxels that hold the mask; surfaces of one box share their grid of corners */
export function surfaceOf(mask: Mask, box: Box): Surface {
  const inside = reframeMask(mask, box).data;
  const grid = cornerGrid(mask.grid, box);
  const corners: Mask = { grid, box: boxOf(grid), data: new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]) };
  const areasMm2 = new Float32Array(corners.data.length);
  const [sx, sy] = mask.grid.spacingMm;
  const thicknesses = sliceThicknessesMm(mask.grid);
  const at = (i: number, j: number, k: number) =>
    i < 0 || j < 0 || k < 0 || i >= box.size[0] || j >= box.size[1] || k >= box.size[2]
      ? 0
      : inside[i + box.size[0] * (j + box.size[1] * k)];
  const addFace = (first: Vec3, u: Vec3, v: Vec3, area: number) => {
    for (const [a, b] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const [i, j, k] = [0, 1, 2].map((axis) => first[axis] + a * u[axis] + b * v[axis]);
      const corner = i + grid.size[0] * (j + grid.size[1] * k);
      corners.data[corner] = 1;
      areasMm2[corner] += area / 4;
    }
  };
  for (let k = 0; k <= box.size[2]; k++) {
    const sz = thicknesses[Math.min(box.start[2] + k, thicknesses.length - 1)];
    for (let j = 0; j <= box.size[1]; j++) {
      for (let i = 0; i <= box.size[0]; i++) {
        const here = at(i, j, k);
        if (here !== at(i - 1, j, k)) addFace([i, j, k], [0, 1, 0], [0, 0, 1], sy * sz);
        if (here !== at(i, j - 1, k)) addFace([i, j, k], [1, 0, 0], [0, 0, 1], sx * sz);
        if (here !== at(i, j, k - 1)) addFace([i, j, k], [1, 0, 0], [0, 1, 0], sx * sy);
      }
    }
  }
  return { corners, areasMm2 };
}

/** The corners of the voxels of a box: one more along each axis, halfway between the centres. */
function cornerGrid(grid: Grid, box: Box): Grid {
  const size: Vec3 = [box.size[0] + 1, box.size[1] + 1, box.size[2] + 1];
  if (!grid.sliceOffsetsMm) return { ...grid, size };
  const middle = (k: number) => (sliceOffsetMm(grid, k - 1) + sliceOffsetMm(grid, k)) / 2;
  const first = middle(box.start[2]);
  return {
    ...grid,
    size,
    sliceOffsetsMm: Float64Array.from({ length: size[2] }, (_, k) => middle(box.start[2] + k) - first),
  };
}
