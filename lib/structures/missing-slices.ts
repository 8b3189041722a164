import type { Grid } from '../image/grid.ts';
import { slicePlanesOf } from '../image/slice-planes.ts';
import type { Contour } from '../rt/structure-set.ts';

/** A plane further from every slice than this part of the usual gap lies where the image has none. */
const AWAY_PART = 0.5;
/** Levels closer than this part of the usual gap are one. */
const SAME_PART = 0.25;

/**
 * The slices that a ROI lacks, as distances from slice 0 of the image, mm: those missing in the image (`missingMm`) between
 * its first and its last contour, and planes with contours where the image has no slice, beyond its ends too.
 */
export function slicesMissingIn(contours: readonly Contour[], grid: Grid, missingMm: readonly number[]): number[] {
  const { normal, offsetsMm, stepMm } = slicePlanesOf(grid);
  const extents = contours.map(({ pointsMm }) => extentAlong(pointsMm, normal, offsetsMm[0]));
  const low = Math.min(...extents.map(({ low }) => low)) - SAME_PART * stepMm;
  const high = Math.max(...extents.map(({ high }) => high)) + SAME_PART * stepMm;
  const levels = missingMm.filter((offset) => offset >= low && offset <= high);
  for (const extent of extents) {
    const level = (extent.low + extent.high) / 2;
    const isParallel = extent.high - extent.low < SAME_PART * stepMm;
    const hasSlice = offsetsMm.some((offset) => Math.abs(offset - offsetsMm[0] - level) <= AWAY_PART * stepMm);
    if (isParallel && !hasSlice && !levels.some((known) => Math.abs(known - level) < AWAY_PART * stepMm))
      levels.push(level);
  }
  return levels;
}

function extentAlong(points: Float64Array, [nx, ny, nz]: readonly number[], firstMm: number) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let p = 0; p + 2 < points.length; p += 3) {
    const along = nx * points[p] + ny * points[p + 1] + nz * points[p + 2] - firstMm;
    if (along < low) low = along;
    if (along > high) high = along;
  }
  return { low, high };
}
