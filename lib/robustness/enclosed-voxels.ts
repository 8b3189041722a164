import type { Volume } from '../image/grid.ts';

/**
 * How many voxels a surface encloses, as a broken number: voxels that it passes count in part.
 * @param field signed distance to the surface, negative inside
 * @param limitMm for the surface that lies this far outside of it, inside when negative
 */
export function enclosedVoxels({ grid, data }: Volume<Float32Array>, limitMm: number): number {
  const stepMm = Math.cbrt(grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2]);
  let count = 0;
  for (let v = 0; v < data.length; v++) count += Math.min(1, Math.max(0, 0.5 + (limitMm - data[v]) / stepMm));
  return count;
}
