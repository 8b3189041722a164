import type { Vec3 } from '../../math/vec3.ts';
import type { VoxelRoi } from '../region/roi.ts';

/**
 * Vertices of the region's mesh, which lie halfway between a voxel of the region and its neighbour across a face, in mm
 * in the region's box: of every row of voxels along an axis only the first and the last, between which the others lie.
 */
export function hullPoints(roi: VoxelRoi): Vec3[] {
  const { size, spacingMm } = roi;
  const points: Vec3[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const [u, v] = [0, 1, 2].filter((other) => other !== axis);
    const rows = size[u] * size[v];
    const low = new Int32Array(rows).fill(size[axis]);
    const high = new Int32Array(rows).fill(-1);
    for (const voxel of roi.voxels) {
      const index = indexOf(voxel, size);
      const row = index[u] + size[u] * index[v];
      low[row] = Math.min(low[row], index[axis]);
      high[row] = Math.max(high[row], index[axis]);
    }
    for (let row = 0; row < rows; row++) {
      if (high[row] < 0) continue;
      for (const end of [low[row] - 0.5, high[row] + 0.5]) {
        const point: Vec3 = [0, 0, 0];
        point[axis] = end * spacingMm[axis];
        point[u] = (row % size[u]) * spacingMm[u];
        point[v] = Math.floor(row / size[u]) * spacingMm[v];
        points.push(point);
      }
    }
  }
  return points;
}

/** Index (i, j, k) of a voxel in a box. */
export function indexOf(voxel: number, [nx, ny]: Vec3): Vec3 {
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
}
