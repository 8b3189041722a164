import type { StageContext } from '../../course-store/context.ts';
import { readSentSet } from '../../course-store/sent-objects.ts';
import { NO_MASK, structureSubject, type UnnamedRecord, writeMask } from '../../course-store/structures.ts';
import { openUpload } from '../../course-store/upload.ts';
import { BadInput, describeError } from '../../errors.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import type { Grid } from '../../image/grid.ts';
import { addScaled, column } from '../../math/vec3.ts';
import type { CourseStructureSet } from '../../rt/course.ts';
import type { Roi, StructureSet } from '../../rt/structure-set.ts';
import type { RoiHeader } from '../../rt/structure-set-header.ts';
import { courseKeys } from '../../store/keys.ts';
import { slicesMissingIn } from '../../structures/missing-slices.ts';
import { maskOfRoi } from '../../structures/rasterize.ts';
import type { StructuresWork } from './inputs.ts';
import { type PlacedRoi, placeRoi } from './place-roi.ts';

/** Structures, and what is wrong with them. */
interface Found {
  records: UnnamedRecord[];
  findings: Finding[];
}

/** The ROIs of all structure sets, each with a mask on the image that it is drawn on, or with the reason why not. */
export async function manualStructures(work: StructuresWork): Promise<Found> {
  const all: Found = { records: [], findings: [] };
  for (const set of work.course.structureSets) {
    const found = await structuresOf(set, all.records.length, work);
    all.records.push(...found.records);
    all.findings.push(...findingsOn({ structureSetUid: set.sopInstanceUid, source: 'manual' }, found.findings));
  }
  return all;
}

async function structuresOf(set: CourseStructureSet, firstNumber: number, work: StructuresWork): Promise<Found> {
  const structureSet = await readSet(set, work.context);
  if (!('rois' in structureSet)) {
    const reason = 'the structure set could not be read';
    const records = set.header.rois.map((roi, n) => ({ ...blank(roi, set, firstNumber + n), reason }));
    return { records, findings: [structureSet] };
  }
  const all: Found = { records: [], findings: [...structureSet.findings] };
  for (const [n, roi] of structureSet.rois.entries()) {
    work.context.signal.throwIfAborted();
    const placed = placeRoi(work.course, set, n, roi, work.images);
    const { imageNumber, status: imageStatus } = placed.link;
    const record = { ...blank(roi, set, firstNumber + n), imageNumber, imageStatus, reason: placed.reason };
    const isOnImage = placed.grid && placed.image;
    const drawn = isOnImage ? await drawnOn(record, placed, work) : { record, findings: [] };
    all.records.push(drawn.record);
    all.findings.push(...findingsOn(structureSubject(record), [...placed.findings, ...drawn.findings]));
  }
  return all;
}

async function readSet(set: CourseStructureSet, context: StageContext): Promise<StructureSet | Finding> {
  try {
    return await readSentSet(set, openUpload(context));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return finding('STRUCTURE_SET_UNREADABLE', set.sopInstanceUid, describeError(error));
  }
}

async function drawnOn(
  record: UnnamedRecord,
  { roi, image, grid }: PlacedRoi,
  { course, config, context }: StructuresWork,
): Promise<{ record: UnnamedRecord; findings: Finding[] }> {
  const rasterized = maskOfRoi(roi, grid!, { maxGapMm: config.structures.max_contour_gap_mm });
  const { mask, status } = rasterized;
  const missing = slicesMissingIn(roi.contours, grid!, image!.missingOffsetsMm);
  const findings = [...rasterized.findings, ...missingFindings(roi, grid!, missing)];
  const onImage = { ...record, missingSlices: missing.length };
  if (status !== 'ok') {
    const reason = rasterized.findings.at(-1)?.message ?? status;
    return { record: { ...onImage, status, reason }, findings };
  }
  const written = await writeMask(context.store, courseKeys(course.courseId).mask(record.number), mask);
  return { record: { ...onImage, ...written }, findings };
}

/** @param missingMm distances of the missing slices from slice 0 */
function missingFindings({ number }: Roi, { originMm, direction }: Grid, missingMm: number[]): Finding[] {
  if (missingMm.length === 0) return [];
  const message = `${missingMm.length} slices of the ROI are missing in the image: volume and features describe the rest`;
  const atMm = addScaled(originMm, missingMm[0], column(direction, 2));
  return [finding('ROI_LACKS_SLICES', `ROI ${number}`, message, atMm)];
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
