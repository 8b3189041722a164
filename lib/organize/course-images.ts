import type { CourseImage, CourseStructureSet, ImageStatus } from '../rt/course.ts';
import { ref } from './course-objects.ts';
import type { Links } from './links.ts';
import { largestSeries, positionAlongNormal, type Series } from './patient-objects.ts';
import type { DraftWithImages } from './place-images.ts';
import { framesOf } from './place-images.ts';
import { preferCt } from './structure-image.ts';

export interface PlanningImage {
  series?: Series;
  status: ImageStatus;
}

/**
 * The images that a course is analysed on: those of its primary structure set, and none if these are missing. Without
 * a structure set the only series in the frame of its doses and plans, else the largest of that frame, else the largest
 * of all; CT before others. Doses of another frame are refused later.
 */
export function planningImage(
  draft: DraftWithImages,
  primary: CourseStructureSet | undefined,
  links: Links,
): PlanningImage {
  if (primary) return links.imageOfStructureSet.get(primary.sopInstanceUid)!;
  if (draft.series.length === 0) return { status: 'none' };
  const frames = framesOf(draft);
  const inFrame = draft.series.filter((series) => frames.has(series.frameUid));
  if (inFrame.length === 1) return { series: inFrame[0], status: 'frame_of_reference' };
  const candidates = inFrame.length > 0 ? inFrame : draft.series;
  return { series: largestSeries(preferCt(candidates)), status: 'fallback_largest' };
}

/** The record of a series in `course.json`. */
export function courseImage(series: Series, role: CourseImage['role']): CourseImage {
  const first = series.rows[0];
  const image = first.image!;
  return {
    seriesInstanceUid: series.uid,
    studyInstanceUid: series.studyUid,
    modality: series.modality,
    role,
    frameOfReferenceUid: series.frameUid,
    description: series.description,
    date: first.seriesDate || first.studyDate,
    rows: image.rows,
    columns: image.columns,
    pixelSpacingMm: image.pixelSpacingMm,
    sliceIncrementMm: sliceIncrementMm(series),
    acquisition: image.acquisition,
    instances: series.rows.map(ref),
  };
}

/** Median step between neighbouring distinct positions; null of a single slice. */
function sliceIncrementMm(series: Series): number | null {
  const positions = series.rows.flatMap((row) => positionAlongNormal(row) ?? []);
  const steps = positions
    .slice(1)
    .map((position, i) => position - positions[i])
    .filter((step) => step > 1e-3)
    .sort((a, b) => a - b);
  if (steps.length === 0) return null;
  const middle = steps.length >> 1;
  return steps.length % 2 === 1 ? steps[middle] : (steps[middle - 1] + steps[middle]) / 2;
}
