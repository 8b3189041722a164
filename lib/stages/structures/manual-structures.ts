import type { StageContext } from '../../course-store/context.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import { readSentSet } from '../../course-store/sent-objects.ts';
import { NO_MASK, structureSubject, type UnnamedRecord, writeMask } from '../../course-store/structures.ts';
import { openUpload } from '../../course-store/upload.ts';
import { BadInput, describeError } from '../../errors.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import type { CourseStructureSet } from '../../rt/course.ts';
import type { Roi } from '../../rt/structure-set.ts';
import type { RoiHeader } from '../../rt/structure-set-header.ts';
import { courseKeys } from '../../store/keys.ts';
import { slicesMissingIn } from '../../structures/missing-slices.ts';
import { maskOfRoi } from '../../structures/rasterize.ts';
import type { StructuresConfig, StructuresCourse } from './inputs.ts';
import { type PlacedRoi, placeRoi } from './place-roi.ts';

/** The ROIs of all structure sets, each with a mask on the image that it is drawn on, or with the reason why not. */
export async function manualStructures(
  course: StructuresCourse,
  images: ImageRecord[],
  config: StructuresConfig,
  context: StageContext,
): Promise<{ records: UnnamedRecord[]; findings: Finding[] }> {
  const records: UnnamedRecord[] = [];
  const findings: Finding[] = [];
  for (const set of course.structureSets) {
    const found: Finding[] = [];
    records.push(...(await recordsOf(course, set, images, config, context, records.length, found)));
    findings.push(...findingsOn({ structureSetUid: set.sopInstanceUid, source: 'manual' }, found));
  }
  return { records, findings };
}

async function recordsOf(
  course: StructuresCourse,
  set: CourseStructureSet,
  images: ImageRecord[],
  config: StructuresConfig,
  context: StageContext,
  firstNumber: number,
  findings: Finding[],
): Promise<UnnamedRecord[]> {
  const structureSet = await readSet(set, context, findings);
  if (!structureSet) {
    const reason = 'the structure set could not be read';
    return set.header.rois.map((roi, n) => ({ ...blank(roi, set, firstNumber + n), reason }));
  }
  findings.push(...structureSet.findings);
  const records: UnnamedRecord[] = [];
  for (const [n, roi] of structureSet.rois.entries()) {
    context.signal.throwIfAborted();
    const placed = placeRoi(course, set, n, roi, images);
    const { imageNumber, status: imageStatus } = placed.link;
    const record = { ...blank(roi, set, firstNumber + n), imageNumber, imageStatus, reason: placed.reason };
    findings.push(...findingsOn(structureSubject(record), placed.findings));
    const isOnImage = placed.grid && placed.image;
    records.push(isOnImage ? await drawn(course, record, placed, config, context, findings) : record);
  }
  return records;
}

async function readSet(set: CourseStructureSet, context: StageContext, findings: Finding[]) {
  try {
    return await readSentSet(set, openUpload(context));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    findings.push(finding('STRUCTURE_SET_UNREADABLE', set.sopInstanceUid, describeError(error)));
    return undefined;
  }
}

async function drawn(
  course: StructuresCourse,
  record: UnnamedRecord,
  { roi, image, grid }: PlacedRoi,
  config: StructuresConfig,
  { store }: StageContext,
  findings: Finding[],
): Promise<UnnamedRecord> {
  const rasterized = maskOfRoi(roi, grid!, { maxGapMm: config.structures.max_contour_gap_mm });
  const { mask, status, findings: found } = rasterized;
  const missingSlices = slicesMissingIn(roi.contours, grid!, image!.missingOffsetsMm);
  findings.push(...findingsOn(structureSubject(record), found));
  if (missingSlices > 0) findings.push(...findingsOn(structureSubject(record), [missingFinding(roi, missingSlices)]));
  const onImage = { ...record, missingSlices };
  if (status !== 'ok') return { ...onImage, status, reason: found.at(-1)?.message ?? status };
  return { ...onImage, ...(await writeMask(store, courseKeys(course.courseId).mask(record.number), mask)) };
}

function missingFinding({ number }: Roi, missing: number): Finding {
  const message = `the image lacks ${missing} slices of the ROI: volume and features are of the rest`;
  return finding('ROI_LACKS_SLICES', `ROI ${number}`, message);
}

function blank(
  { number: roiNumber, name, interpretedType }: Pick<RoiHeader, 'number' | 'name' | 'interpretedType'>,
  set: CourseStructureSet,
  number: number,
) {
  return {
    number,
    roiNumber,
    roiName: name,
    source: 'manual',
    interpretedType,
    structureSetUid: set.sopInstanceUid,
    status: 'failed' as const,
    reason: '',
    ...NO_MASK,
  };
}
