import { boxOf } from '../image/box.ts';
import { signedDistance } from '../image/distance.ts';
import { type Grid, type Volume, voxelCount } from '../image/grid.ts';
import { lowestVoxels } from './rank-voxels.ts';

/** Slices so far apart that none is nearest to a voxel of another. */
const APART_MM = 1e6;

/**
 * The structure on `perGap - 1` more slices between every two. Which pixels come first is interpolated from the distances
 * to the outlines of both slices (Raya & Udupa 1990, doi:10.1109/42.52980); how many there are follows a straight line
 * between the two areas. So volume and centre of mass stay exact, and beyond an end slice the outline shrinks to nothing
 * at the next slice: an end is round, not flat.
 */
export function interpolateSlices({ data, grid }: Volume<Uint8Array>, fine: Grid, perGap: number): Uint8Array {
  if (perGap === 1) return data;
  const { sliceOffsetsMm: _, ...even } = grid;
  const apart: Grid = { ...even, spacingMm: [grid.spacingMm[0], grid.spacingMm[1], APART_MM] };
  const distance = signedDistance({ grid: apart, box: boxOf(grid), data }, boxOf(grid), APART_MM / 2).data;
  const pixels = grid.size[0] * grid.size[1];
  const areas = Array.from({ length: grid.size[2] }, (_, k) => sum(data.subarray(k * pixels, (k + 1) * pixels)));
  const inside = new Uint8Array(voxelCount(fine));
  const values = new Float64Array(pixels);
  for (let k = 0; k < fine.size[2]; k++) {
    const below = Math.floor(k / perGap);
    const above = Math.min(below + 1, grid.size[2] - 1);
    const fraction = k / perGap - below;
    const area = Math.round((1 - fraction) * areas[below] + fraction * areas[above]);
    if (area === 0) continue;
    const a = (areas[below] > 0 ? below : above) * pixels;
    const b = (areas[above] > 0 ? above : below) * pixels;
    for (let p = 0; p < pixels; p++) values[p] = distance[a + p] + fraction * (distance[b + p] - distance[a + p]);
    inside.set(lowestVoxels(values, area).marks, k * pixels);
  }
  return inside;
}

function sum(inside: Uint8Array): number {
  let count = 0;
  for (let v = 0; v < inside.length; v++) count += inside[v];
  return count;
}
