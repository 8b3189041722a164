import { type Box, type Grid, indexToPatient, sliceOffsetMm } from '../image/grid.ts';

/** The grid of a box, which may go beyond the whole grid; slices there continue with the nearest gap. */
export function boxGrid(grid: Grid, { start, size }: Box): Grid {
  const { sliceOffsetsMm, ...even } = grid;
  const cut: Grid = { ...even, size, originMm: indexToPatient(grid, start) };
  if (sliceOffsetsMm === undefined) return cut;
  const first = sliceOffsetMm(grid, start[2]);
  return {
    ...cut,
    sliceOffsetsMm: Float64Array.from({ length: size[2] }, (_, k) => sliceOffsetMm(grid, start[2] + k) - first),
  };
}

/** Steps of the working grid between two slices of the image, so that its slices lie about as close as its pixels. */
export function stepsPerGap({ spacingMm }: Grid): number {
  return Math.max(1, Math.round(spacingMm[2] / Math.min(spacingMm[0], spacingMm[1])));
}

/** A grid with slices added at even steps between those that it has. */
export function workingGrid(grid: Grid, perGap: number): Grid {
  const [nx, ny, nz] = grid.size;
  const count = (nz - 1) * perGap + 1;
  const [sx, sy, sz] = grid.spacingMm;
  const fine: Grid = { ...grid, size: [nx, ny, count], spacingMm: [sx, sy, sz / perGap] };
  if (grid.sliceOffsetsMm === undefined) return fine;
  return { ...fine, sliceOffsetsMm: Float64Array.from({ length: count }, (_, k) => sliceOffsetMm(grid, k / perGap)) };
}
