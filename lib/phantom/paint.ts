import { type Grid, indexToPatient, patientToIndex, sliceOffsetMm, voxelCount } from '../image/grid.ts';
import { column, type Vec3 } from '../math/vec3.ts';
import type { Solid } from './solid.ts';
import { textureAt } from './texture.ts';

/** A solid filled with a value (HU, or a count for MR and PT) and a seeded texture of this standard deviation. */
export interface Tissue {
  solid: Solid;
  value: number;
  noise: number;
}

/** Voxel values at the voxels' centres: later tissues lie over earlier ones. Rounded to whole numbers. */
export function paint(grid: Grid, background: number, tissues: Tissue[], seed: number): Int16Array {
  const data = new Int16Array(voxelCount(grid)).fill(background);
  tissues.forEach((tissue, layer) => {
    paintTissue(grid, data, tissue, seed + layer);
  });
  return data;
}

function paintTissue(grid: Grid, data: Int16Array, { solid, value, noise }: Tissue, seed: number): void {
  const [nx, ny] = grid.size;
  const { start, end } = indexRange(grid, solid);
  const [di, dj] = [column(grid.direction, 0), column(grid.direction, 1)];
  for (let k = start[2]; k < end[2]; k++) {
    const [ox, oy, oz] = indexToPatient(grid, [0, 0, k]);
    const depth = sliceOffsetMm(grid, k);
    for (let j = start[1]; j < end[1]; j++) {
      const v = j * grid.spacingMm[1];
      for (let i = start[0]; i < end[0]; i++) {
        const u = i * grid.spacingMm[0];
        const inside = solid.contains(
          ox + u * di[0] + v * dj[0],
          oy + u * di[1] + v * dj[1],
          oz + u * di[2] + v * dj[2],
        );
        if (inside) data[i + nx * (j + ny * k)] = Math.round(value + noise * textureAt(u, v, depth, seed));
      }
    }
  }
}

/** Voxels that the box around the solid can touch, whatever the direction of the grid. */
function indexRange(grid: Grid, solid: Solid): { start: Vec3; end: Vec3 } {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    patientToIndex(grid, [0, 1, 2].map((axis) => (bits & (1 << axis) ? solid.max : solid.min)[axis]) as Vec3),
  );
  const along = (axis: number) => corners.map((corner) => corner[axis]);
  return {
    start: [0, 1, 2].map((axis) => Math.max(0, Math.floor(Math.min(...along(axis))))) as Vec3,
    end: [0, 1, 2].map((axis) => Math.min(grid.size[axis], Math.ceil(Math.max(...along(axis))) + 1)) as Vec3,
  };
}
