import { boundingBox } from './box.ts';
import { type Grid, indexToPatient, type Mask, type Volume } from './grid.ts';
import { reframeMask } from './mask.ts';
import { sliceThicknessesMm } from './slice-thickness.ts';

/** Slices whose thickness differs by less are evenly spaced: positions are rounded in files. */
const ROUNDING_MM = 0.01;
const ROUNDING_PART = 0.01;

/** Image and mask on the evenly spaced slices around a region, or what is uneven in it. */
export type EvenSlices = { image: Volume; mask: Mask } | { leastMm: number; mostMm: number };

/**
 * The part of an image with uneven slices on which a region can be counted as if on an even grid: its slices are all as
 * thick as each other (half the gaps to both neighbours), and so are those around it that stay. Where the region's own
 * slices differ in thickness there is no such part. An even image stays as it is.
 */
export function evenSlicesAround(image: Volume, mask: Mask): EvenSlices {
  const { grid } = image;
  if (!grid.sliceOffsetsMm) return { image, mask };
  const box = boundingBox(mask);
  const thicknesses = sliceThicknessesMm(grid);
  let first = box.start[2];
  let end = first + box.size[2];
  const own = thicknesses.subarray(first, end);
  const [leastMm, mostMm] = [Math.min(...own), Math.max(...own)];
  const isAlike = (mm: number) => Math.abs(mm - own[0]) <= Math.max(ROUNDING_MM, ROUNDING_PART * own[0]);
  if (!isAlike(leastMm) || !isAlike(mostMm)) return { leastMm, mostMm };
  while (first > 0 && isAlike(thicknesses[first - 1])) first--;
  while (end < grid.size[2] && isAlike(thicknesses[end])) end++;
  const mm = own.reduce((sum, one) => sum + one, 0) / own.length;
  return cutSlices(image, mask, first, end, mm);
}

/** Why a region cannot be counted on an even grid. */
export function unevenText({ leastMm, mostMm }: { leastMm: number; mostMm: number }): string {
  return `slices of the region are unevenly spaced, ${leastMm.toFixed(2)} to ${mostMm.toFixed(2)} mm thick, and not resampled`;
}

function cutSlices(image: Volume, mask: Mask, first: number, end: number, spacing: number) {
  const { sliceOffsetsMm: _, ...rest } = image.grid;
  const [nx, ny] = rest.size;
  const grid: Grid = {
    ...rest,
    size: [nx, ny, end - first],
    spacingMm: [rest.spacingMm[0], rest.spacingMm[1], spacing],
    originMm: indexToPatient(image.grid, [0, 0, first]),
  };
  const tight = boundingBox(mask);
  const { data } = reframeMask(mask, tight);
  const box = { start: [tight.start[0], tight.start[1], tight.start[2] - first] as Grid['size'], size: tight.size };
  return {
    image: { grid, data: image.data.slice(nx * ny * first, nx * ny * end) },
    mask: { grid, box, data },
  };
}
