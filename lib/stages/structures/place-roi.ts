import { joinOf } from '../../course-store/dose.ts';
import { gridOf, type ImageRecord } from '../../course-store/images.ts';
import { moveContours } from '../../dvh/move-region.ts';
import { type Finding, finding } from '../../findings.ts';
import type { Grid } from '../../image/grid.ts';
import type { Course, CourseStructureSet, ImageStatus, RoiImage } from '../../rt/course.ts';
import type { Roi } from '../../rt/structure-set.ts';

/** A ROI on the grid of its image, or the reason why it is on none. */
export interface PlacedRoi {
  link: RoiImage;
  image?: ImageRecord;
  /** Absent when there is nothing to make a mask on. */
  grid?: Grid;
  /** Its contours in the frame of reference of the grid. */
  roi: Roi;
  reason: string;
  findings: Finding[];
}

const NO_IMAGE: Partial<Record<ImageStatus, string>> = {
  split: 'its contours name images of several volumes, and no image holds all of it',
  unresolved_reference: 'the images that it was drawn on are not in the upload',
};

/**
 * The image of the nth ROI of a structure set. A ROI of another frame of reference than its image is moved by a rigid
 * registration of the course; without one it has no mask.
 */
export function placeRoi(
  course: Pick<Course, 'registrations'>,
  set: CourseStructureSet,
  n: number,
  roi: Roi,
  images: readonly ImageRecord[],
): PlacedRoi {
  const link = set.roiImages[n] ?? { imageNumber: set.imageNumber, status: set.imageStatus };
  const image = images.find(({ number }) => number === link.imageNumber);
  const none = (reason: string, findings: Finding[] = []): PlacedRoi => ({
    link,
    image,
    roi,
    reason,
    findings,
  });
  if (!image) return none(NO_IMAGE[link.status] ?? 'there is no image for it');
  if (!image.grid)
    return none(`its image could not be read: ${image.findings.at(-1)?.message ?? 'no reason is known'}`);
  const grid = gridOf(image.grid);
  const from = roi.frameOfReferenceUid;
  const to = grid.frameOfReferenceUid ?? '';
  const onImage = { link, image, grid, reason: '', findings: [] };
  if (from === '' || to === '' || from === to) return { ...onImage, roi };
  const joined = joinOf(course, from, to);
  const where = `ROI ${roi.number}`;
  if (!joined.matrix) {
    const message = `the frame of reference of the ROI differs from that of its image: ${joined.reason}`;
    return none(message, [finding('ROI_IN_OTHER_FRAME', where, message)]);
  }
  const { contours } = moveContours({ kind: 'contours', contours: roi.contours }, joined.matrix);
  const message = `the ROI was moved to its image with registration ${joined.registrationUids.join(', ')}`;
  const moved = finding('ROI_REGISTERED', where, message);
  return { ...onImage, roi: { ...roi, contours }, findings: [moved] };
}
