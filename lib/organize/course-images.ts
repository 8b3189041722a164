import type { CourseImage, CourseStructureSet, ImageStatus } from '../rt/course.ts';
import { placeSlices } from '../rt/volumes/positions.ts';
import { ref } from './course-objects.ts';
import { preferCt } from './image-choice.ts';
import type { Links } from './links.ts';
import type { DraftWithImages } from './place-images.ts';
import { framesOf } from './place-images.ts';
import { framesOfVolume, isBestVolume, largestSeries, type Series, sliceGapsMm } from './series.ts';
import type { SetLink } from './structure-image.ts';

export interface PlanningImage {
  series?: Series;
  status: ImageStatus;
}

/**
 * The image that a course is analysed on: of the images of its primary structure set the one in the frame of its doses
 * and plans, with most ROIs; none if these are missing. Without a structure set the only series in the frame of its doses
 * and plans, else the largest of that frame, else the largest of all; CT before others. Doses of another frame are refused
 * later.
 */
export function planningImage(
  draft: DraftWithImages,
  primary: CourseStructureSet | undefined,
  links: Links,
): PlanningImage {
  if (primary) return imageOfPrimary(draft, links.imageOfStructureSet.get(primary.sopInstanceUid)!);
  const volumes = draft.series.filter(isBestVolume);
  if (volumes.length === 0) return { status: 'none' };
  const frames = framesOf(draft);
  const inFrame = volumes.filter((series) => frames.has(series.frameUid));
  if (inFrame.length === 1) return { series: inFrame[0], status: 'frame_of_reference' };
  const candidates = inFrame.length > 0 ? inFrame : volumes;
  return { series: largestSeries(preferCt(candidates)), status: 'fallback_largest' };
}

function imageOfPrimary(draft: DraftWithImages, link: SetLink): PlanningImage {
  const frames = new Set([...draft.doses, ...draft.plans].map((row) => row.frameOfReferenceUid).filter(Boolean));
  const inFrame = link.rois.filter(({ series }) => series && frames.has(series.frameUid));
  if (inFrame.length === 0 || frames.has(link.series?.frameUid ?? '')) return link;
  const groups = [...Map.groupBy(inFrame, ({ series }) => series).values()];
  return groups.reduce((most, group) => (group.length > most.length ? group : most))[0];
}

/** The role of each image in the course. Of a series that nothing names only the best volume counts as an image. */
export function imageRoles(
  images: Series[],
  structureSets: CourseStructureSet[],
  planning: Series | undefined,
): CourseImage['role'][] {
  const drawnOn = new Set(
    structureSets.flatMap((set) => [...set.roiImages, set].map(({ imageNumber }) => imageNumber)),
  );
  const isUsed = images.map((series, number) => series === planning || drawnOn.has(number));
  return images.map((series, number) => {
    if (isUsed[number]) return series === planning ? 'planning' : 'structure_set';
    const hasUsedSibling = images.some(({ uid }, other) => uid === series.uid && isUsed[other]);
    return hasUsedSibling || !isBestVolume(series) ? 'other_volume' : 'related';
  });
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
    volume: series.siblings.length > 1 ? series.volume.label : '',
    date: first.seriesDate || first.studyDate,
    rows: image.rows,
    columns: image.columns,
    pixelSpacingMm: image.pixelSpacingMm,
    sliceIncrementMm: medianOf(sliceGapsMm(series)),
    acquisition: image.acquisition,
    instances: instancesOf(series),
  };
}

function instancesOf(series: Series): CourseImage['instances'] {
  const frames = framesOfVolume(series);
  const places = new Map(
    placeSlices(series.volume.slices).map(({ slice, alongMm }) => [slice.sopInstanceUid, alongMm]),
  );
  return series.rows.map((row) => {
    const own = frames.get(row.sopInstanceUid);
    if (own) return own.length === row.image!.frames ? ref(row) : { ...ref(row), frames: own };
    const alongMm = places.get(row.sopInstanceUid);
    return alongMm === undefined ? ref(row) : { ...ref(row), alongMm };
  });
}

/** Null of none. */
function medianOf(steps: number[]): number | null {
  if (steps.length === 0) return null;
  const sorted = steps.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
