import { readDataSet } from '../dicom/read.ts';
import { type CourseRoi, DEFAULT_MEASURE_OPTIONS } from '../dvh/course.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../finding.ts';
import type { Course, CourseStructureSet } from '../rt/course.ts';
import { readStructureSet } from '../rt/read-structure-set.ts';
import { gridOf, type ImageRecord, readImages } from './course-images.ts';
import { readMask, readStructures, type StructureRecord } from './course-structures.ts';
import type { StageContext } from './stage.ts';
import { openUpload } from './upload.ts';

/** Every structure of a course as the DVH engine takes it: contours where there are some, else the mask. */
export async function courseRois(
  course: Course,
  context: StageContext,
  findings: Finding[],
): Promise<{ rois: CourseRoi[]; singlePlaneMm: number }> {
  const images = await readImages(context.store, course.courseId);
  const { structures } = await readStructures(context.store, course.courseId);
  const rois: CourseRoi[] = [];
  for (const set of course.structureSets) rois.push(...(await contourRois(set, structures, context, findings)));
  for (const record of structures) {
    if (record.structureSetUid === undefined) rois.push(await maskRoi(record, images, context));
  }
  const planning = images.find((image) => image.seriesInstanceUid === course.planningSeriesUid);
  return { rois, singlePlaneMm: planning?.grid?.spacingMm[2] ?? DEFAULT_MEASURE_OPTIONS.singlePlaneMm };
}

async function contourRois(
  set: CourseStructureSet,
  structures: StructureRecord[],
  context: StageContext,
  findings: Finding[],
): Promise<CourseRoi[]> {
  const records = structures.filter((record) => record.structureSetUid === set.sopInstanceUid);
  try {
    const { rois } = readStructureSet(readDataSet(await openUpload(context).get(set.key)));
    return rois.map(({ name, number, interpretedType, frameOfReferenceUid, contours }) => ({
      name,
      number,
      source: 'manual',
      interpretedType,
      structureSetUid: set.sopInstanceUid,
      frameOfReferenceUid,
      region: { kind: 'contours', contours },
    }));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    findings.push(finding('error', 'STRUCTURE_SET_UNREADABLE', set.sopInstanceUid, describeError(error)));
    return records.map((record) => withoutRegion(record, 'the structure set could not be read'));
  }
}

async function maskRoi(record: StructureRecord, images: ImageRecord[], context: StageContext): Promise<CourseRoi> {
  const image = images.find((found) => found.number === record.imageNumber);
  if (!image?.grid || record.status !== 'ok') return withoutRegion(record, record.reason || 'no mask');
  const grid = gridOf(image.grid);
  const mask = await readMask(context.store, record, grid);
  return {
    ...withoutRegion(record),
    skip: undefined,
    frameOfReferenceUid: grid.frameOfReferenceUid ?? '',
    region: { kind: 'mask', mask },
  };
}

function withoutRegion(record: StructureRecord, skip?: string): CourseRoi {
  return {
    name: record.roiName,
    number: record.roiNumber,
    source: record.source,
    interpretedType: record.interpretedType,
    structureSetUid: record.structureSetUid ?? record.maskKey ?? '',
    frameOfReferenceUid: '',
    region: { kind: 'contours', contours: [] },
    skip,
  };
}
