import { boxOf } from '../image/box.ts';
import { type Box, type Grid, type Mask, sliceOffsetMm } from '../image/grid.ts';
import { reframeMask } from '../image/mask.ts';
import type { Vec3 } from '../math/vec3.ts';
import { cornerCode, surfaceElementAreas } from './surface-elements.ts';

/** The surface of a mask: the corners where voxels inside and outside meet, and the area around each of them. */
export interface Surface {
  /** Corners as voxels of a grid of their own. */
  corners: Mask;
  /** Area of the triangles of marching cubes around each corner, mm^2; index as `corners`. */
  areasMm2: Float32Array;
}

/** @param box voxels that hold the mask; surfaces of one box share their grid of corners */
export function surfaceOf(mask: Mask, box: Box): Surface {
  const inside = reframeMask(mask, box).data;
  const grid = cornerGrid(mask.grid, box);
  const corners: Mask = { grid, box: boxOf(grid), data: new Uint8Array(grid.size[0] * grid.size[1] * grid.size[2]) };
  const areasMm2 = new Float32Array(corners.data.length);
  const [sx, sy] = mask.grid.spacingMm;
  const [bx, by, bz] = box.size;
  const at = (i: number, j: number, k: number) =>
    i < 0 || j < 0 || k < 0 || i >= bx || j >= by || k >= bz ? 0 : inside[i + bx * (j + by * k)];
  for (let k = 0, corner = 0; k <= bz; k++) {
    const gapMm = sliceOffsetMm(mask.grid, box.start[2] + k) - sliceOffsetMm(mask.grid, box.start[2] + k - 1);
    const areas = surfaceElementAreas([sx, sy, gapMm]);
    for (let j = 0; j <= by; j++) {
      for (let i = 0; i <= bx; i++, corner++) {
        const code = cornerCode((di, dj, dk) => at(i + di, j + dj, k + dk));
        if (code === 0 || code === ALL_INSIDE) continue;
        corners.data[corner] = 1;
        areasMm2[corner] = areas[code];
      }
    }
  }
  return { corners, areasMm2 };
}

const ALL_INSIDE = 255;

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
