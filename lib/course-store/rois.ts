import { DEFAULT_MEASURE_OPTIONS } from '../dvh/course.ts';
import type { CourseRoi } from '../dvh/course-dvh.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { type SlicePlanes, slicePlanesOf } from '../image/slice-planes.ts';
import type { Course, CourseStructureSet } from '../rt/course.ts';
import type { DvhStatus } from '../rt/roi-status.ts';
import type { StageContext } from './context.ts';
import { gridOf, type ImageRecord, readImages } from './images.ts';
import { readSentSet } from './sent-objects.ts';
import { readMask, readStructures, roiIdentity, type TakenStructure, takenStructure } from './structures.ts';
import { openUpload } from './upload.ts';

/** What of a course its structures follow from. */
export type RoiCourse = Pick<Course, 'courseId' | 'structureSets' | 'images' | 'planningSeriesUid'>;

/**
 * Every structure of a course as the DVH engine takes it: contours where there are some, else the mask. With cropping a
 * structure that reaches beyond the boundaries is the mask of what lies between them, contours or not: its row says
 * `cropped`, and `voxel` for the solid between slices. One that lies wholly inside keeps its contours.
 */
export async function courseRois(
  course: RoiCourse,
  useCropped: boolean,
  context: StageContext,
): Promise<{ rois: CourseRoi[]; singlePlaneMm: number; findings: Finding[] }> {
  const images = await readImages(context.store, course.courseId);
  const { structures } = await readStructures(context.store, course.courseId);
  const all = structures.map((record) => takenStructure(record, useCropped));
  const rois: CourseRoi[] = [];
  const findings: Finding[] = [];
  for (const set of course.structureSets) {
    const ofSet = all.filter((record) => record.structureSetUid === set.sopInstanceUid);
    const drawn = await contourRois(course, set, ofSet, images, context);
    findings.push(...drawn.findings);
    for (const [n, record] of ofSet.entries())
      rois.push(record.isCropped ? await maskRoi(course, record, images, context) : drawn.rois[n]);
  }
  const isDrawn = (record: TakenStructure) =>
    course.structureSets.some((set) => set.sopInstanceUid === record.structureSetUid);
  for (const record of all) if (!isDrawn(record)) rois.push(await maskRoi(course, record, images, context));
  const planning = images.find((image) => image.role === 'planning');
  return { rois, singlePlaneMm: planning?.grid?.spacingMm[2] ?? DEFAULT_MEASURE_OPTIONS.singlePlaneMm, findings };
}

/** In the order of the records, which is that of the ROIs in the set. */
async function contourRois(
  course: RoiCourse,
  set: CourseStructureSet,
  records: TakenStructure[],
  images: ImageRecord[],
  context: StageContext,
): Promise<{ rois: CourseRoi[]; findings: Finding[] }> {
  try {
    const { rois } = await readSentSet(set, openUpload(context));
    const drawn = records.map(
      (record, n): CourseRoi => ({
        ...roiOf(course, record),
        frameOfReferenceUid: rois[n].frameOfReferenceUid,
        region: {
          kind: 'contours',
          contours: rois[n].contours,
          slices: slicesOf(record, images, rois[n].frameOfReferenceUid),
        },
      }),
    );
    return { rois: drawn, findings: [] };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return {
      rois: records.map((record) => ended(course, record, 'failed', 'the structure set could not be read')),
      findings: [finding('STRUCTURE_SET_UNREADABLE', set.sopInstanceUid, describeError(error))],
    };
  }
}

/** The slices that contours of this frame of reference are drawn on; images of another frame do not count. */
function slicesOf({ imageNumber }: TakenStructure, images: ImageRecord[], frame: string): SlicePlanes | undefined {
  const grid = images.find((found) => found.number === imageNumber)?.grid;
  const isOther = grid?.frameOfReferenceUid && frame !== '' && grid.frameOfReferenceUid !== frame;
  return grid && !isOther ? slicePlanesOf(gridOf(grid)) : undefined;
}

async function maskRoi(
  course: RoiCourse,
  record: TakenStructure,
  images: ImageRecord[],
  context: StageContext,
): Promise<CourseRoi> {
  const image = images.find((found) => found.number === record.imageNumber);
  if (!image?.grid) return ended(course, record, 'failed', record.reason || 'no image');
  const { status } = record;
  if (status !== 'ok') return ended(course, record, status, record.reason);
  const mask = await readMask(context.store, record, gridOf(image.grid));
  const frameOfReferenceUid = mask.grid.frameOfReferenceUid ?? '';
  return { ...roiOf(course, record), frameOfReferenceUid, region: { kind: 'mask', mask } };
}

function ended(course: RoiCourse, record: TakenStructure, status: DvhStatus, reason: string): CourseRoi {
  return { ...roiOf(course, record), ended: { status, reason } };
}

function roiOf(course: RoiCourse, record: TakenStructure): CourseRoi {
  const { roiName, roiNumber, ...identity } = roiIdentity(course, record);
  return {
    ...identity,
    name: roiName,
    number: roiNumber,
    interpretedType: record.interpretedType,
    cropped: record.isCropped,
    frameOfReferenceUid: '',
    region: { kind: 'contours', contours: [] },
  };
}
