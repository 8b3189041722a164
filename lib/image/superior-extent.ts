import { type Grid, type Mask, sliceOffsetMm } from './grid.ts';

/** How high voxel centres lie: patient z (superior is positive), mm. */
export interface SuperiorExtent {
  inferiorMm: number;
  superiorMm: number;
}

/** What each index adds to the patient z of a voxel centre; the slices' part contains the origin. */
export function superiorParts(grid: Grid): { perColumn: number; perRow: number; bySlice: Float64Array } {
  const { direction, spacingMm, originMm, size } = grid;
  return {
    perColumn: direction[6] * spacingMm[0],
    perRow: direction[7] * spacingMm[1],
    bySlice: Float64Array.from({ length: size[2] }, (_, k) => originMm[2] + direction[8] * sliceOffsetMm(grid, k)),
  };
}

/** From the lowest to the highest voxel centre of a mask; undefined when it has none. */
export function superiorExtent(mask: Mask): SuperiorExtent | undefined {
  const { perColumn, perRow, bySlice } = superiorParts(mask.grid);
  const [si, sj, sk] = mask.box.start;
  const [nx, ny, nz] = mask.box.size;
  let inferiorMm = Number.POSITIVE_INFINITY;
  let superiorMm = Number.NEGATIVE_INFINITY;
  for (let k = 0, v = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const rowMm = bySlice[sk + k] + perRow * (sj + j);
      for (let i = 0; i < nx; i++, v++) {
        if (mask.data[v] === 0) continue;
        const z = rowMm + perColumn * (si + i);
        if (z < inferiorMm) inferiorMm = z;
        if (z > superiorMm) superiorMm = z;
      }
    }
  }
  return superiorMm >= inferiorMm ? { inferiorMm, superiorMm } : undefined;
}

/** Of a whole grid: at two of its corners. */
export function gridSuperiorExtent(grid: Grid): SuperiorExtent {
  const { perColumn, perRow, bySlice } = superiorParts(grid);
  const acrossColumns = perColumn * (grid.size[0] - 1);
  const acrossRows = perRow * (grid.size[1] - 1);
  const ends = [bySlice[0], bySlice[bySlice.length - 1]];
  return {
    inferiorMm: Math.min(...ends) + Math.min(acrossColumns, 0) + Math.min(acrossRows, 0),
    superiorMm: Math.max(...ends) + Math.max(acrossColumns, 0) + Math.max(acrossRows, 0),
  };
}
