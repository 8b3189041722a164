import type { Grid, Volume } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { latticeOf } from './surface-points.ts';

/**
 * How many voxels a surface encloses, as a broken number: voxels that it passes count in part.
 * @param field signed distance to the surface, negative inside
 * @param limitMm for the surface that lies this far outside of it, inside when negative
 */
export function enclosedVoxels({ grid, data }: Volume<Float32Array>, limitMm: number): number {
  const stepMm = 2 * passedWithinMm(grid);
  let count = 0;
  for (let v = 0; v < data.length; v++) count += Math.min(1, Math.max(0, 0.5 + (limitMm - data[v]) / stepMm));
  return count;
}

/** A surface passes the voxels whose centres lie at most this far from it: half the edge of a cube of their size. */
export function passedWithinMm({ spacingMm: [sx, sy, sz] }: Grid): number {
  return Math.cbrt(sx * sy * sz) / 2;
}

/**
 * The centroid of what a surface encloses, voxels that it passes counting in part, in mm along the axes of the grid from its
 * first voxel centre.
 */
export function enclosedCentroidMm({ grid, data }: { grid: Grid; data: ArrayLike<number> }, limitMm: number): Vec3 {
  const [nx, ny, nz] = grid.size;
  const { places } = latticeOf(grid);
  const halfMm = passedWithinMm(grid);
  let [x, y, z, count] = [0, 0, 0, 0];
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      let [inRow, xInRow] = [0, 0];
      for (let i = 0; i < nx; i++, v++) {
        const depthMm = limitMm - data[v];
        if (depthMm <= -halfMm) continue;
        const part = depthMm >= halfMm ? 1 : 0.5 + depthMm / (2 * halfMm);
        inRow += part;
        xInRow += part * places[0][i];
      }
      x += xInRow;
      y += inRow * places[1][j];
      z += inRow * places[2][k];
      count += inRow;
    }
  return [x / count, y / count, z / count];
}
