import type { Grid } from './grid.ts';

/**
 * Thickness of every slice, mm: half the gap to the slice before plus half the gap to the slice after. An end slice
 * reaches as far outward as inward; a single slice is as thick as the grid's spacing.
 */
export function sliceThicknessesMm(grid: Grid): Float64Array {
  const count = grid.size[2];
  const offsets = grid.sliceOffsetsMm;
  if (!offsets || count < 2) return new Float64Array(count).fill(grid.spacingMm[2]);
  return Float64Array.from({ length: count }, (_, k) => {
    const before = k > 0 ? offsets[k] - offsets[k - 1] : offsets[1] - offsets[0];
    const after = k < count - 1 ? offsets[k + 1] - offsets[k] : offsets[count - 1] - offsets[count - 2];
    return (before + after) / 2;
  });
}

/** Distance of every slice centre from slice 0 along the third direction, mm. */
export function sliceOffsetsMm(grid: Grid): Float64Array {
  return grid.sliceOffsetsMm ?? Float64Array.from({ length: grid.size[2] }, (_, k) => k * grid.spacingMm[2]);
}
