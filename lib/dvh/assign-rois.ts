import { coverageOf, covers } from '../image/coverage.ts';
import type { Grid } from '../image/grid.ts';
import type { Dose } from '../rt/dose.ts';
import type { JoinFrames } from '../rt/join-frames.ts';
import type { CourseRoi } from './course-dvh.ts';
import { placeRoi } from './place-roi.ts';

/**
 * Which ROIs are measured on which of several results: each on every one whose frame of reference it reaches, and on
 * the first where it reaches none, so that it ends as a row all the same. Of the places of one dose a ROI is measured
 * on the one that covers most of it, of equals on the finest.
 * @param results the doses of each result: one, several places of one, or none where it cannot be read
 * @returns the ROIs of each dose of each result
 */
export function assignRois(rois: CourseRoi[], results: Dose[][], join: JoinFrames): CourseRoi[][][] {
  const assigned = results.map((doses) => Array.from({ length: Math.max(1, doses.length) }, (): CourseRoi[] => []));
  for (const roi of rois) {
    const reached = results.map((doses) => bestPlace(roi, doses, join));
    const isNowhere = reached.every((place) => place === undefined);
    reached.forEach((place, n) => {
      if (place !== undefined) assigned[n][place].push(roi);
      else if (isNowhere && n === 0) assigned[0][0].push(roi);
    });
  }
  return assigned;
}

/** Undefined when no dose of the result lies in a frame of reference that the ROI reaches. */
function bestPlace(roi: CourseRoi, doses: Dose[], join: JoinFrames): number | undefined {
  if (doses.length === 0) return 0;
  const found = doses.flatMap((dose, place) => {
    const { region } = placeRoi(roi, dose.frameOfReferenceUid, join);
    return region ? [{ place, region, grid: dose.volume.grid }] : [];
  });
  if (found.length < 2) return found[0]?.place;
  const rated = found.map(({ place, region, grid }) => ({
    place,
    inside: partInside(region, grid),
    mm3: voxelMm3(grid),
  }));
  return rated.toSorted((a, b) => b.inside - a.inside || a.mm3 - b.mm3 || a.place - b.place)[0].place;
}

/** Part of the contour points or voxels that lie where values of the grid can be interpolated, 0 to 1. */
function partInside(region: CourseRoi['region'], grid: Grid): number {
  if (region.kind === 'mask') return coverageOf(region.mask, grid) || 0;
  let inside = 0;
  let points = 0;
  for (const { pointsMm } of region.contours) {
    for (let p = 0; p + 2 < pointsMm.length; p += 3, points++) {
      if (covers(grid, [pointsMm[p], pointsMm[p + 1], pointsMm[p + 2]])) inside++;
    }
  }
  return points === 0 ? 0 : inside / points;
}

function voxelMm3({ spacingMm }: Grid): number {
  return spacingMm[0] * spacingMm[1] * spacingMm[2];
}
