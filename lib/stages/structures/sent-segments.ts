import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord } from '../../course-store/images.ts';
import { readSentSegmentation } from '../../course-store/sent-objects.ts';
import { NO_MASK, structureSubject, type UnnamedRecord, writeMask } from '../../course-store/structures.ts';
import { openUpload } from '../../course-store/upload.ts';
import { BadInput, describeError } from '../../errors.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import type { CourseSegmentation } from '../../rt/course.ts';
import type { Segment } from '../../rt/segmentation.ts';
import { courseKeys } from '../../store/keys.ts';
import type { RoiMask } from '../../structures/rasterize.ts';
import { maskOfSegment } from '../../structures/segment-mask.ts';
import type { StructuresCourse } from './inputs.ts';

const SOURCE = 'seg';

/**
 * The segments of the DICOM segmentations that were sent, as structures of the course with the source `seg`. Masks are
 * written; numbers go on from `firstNumber`, ROI numbers are those of the segments.
 */
export async function sentSegments(
  course: StructuresCourse,
  images: ImageRecord[],
  context: StageContext,
  firstNumber: number,
): Promise<{ records: UnnamedRecord[]; findings: Finding[] }> {
  const records: UnnamedRecord[] = [];
  const findings: Finding[] = [];
  for (const object of course.segmentations) {
    try {
      const { segments } = await readSentSegmentation(object, openUpload(context));
      for (const segment of segments) {
        context.signal.throwIfAborted();
        const record = blank(object, segment, firstNumber + records.length);
        const placed = await place(course, record, segment, candidates(images, object), context);
        records.push(placed.record);
        findings.push(...findingsOn(structureSubject(placed.record), placed.findings));
      }
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      const reason = `the segmentation could not be read: ${describeError(error)}`;
      const unknown = { number: 0, name: object.label || 'segmentation', algorithmType: '' };
      records.push({ ...blank(object, unknown, firstNumber + records.length), reason });
      findings.push(finding('SEGMENTATION_UNREADABLE', object.sopInstanceUid, describeError(error)));
    }
  }
  return { records, findings };
}

/** A series may hold several volumes. */
function candidates(images: ImageRecord[], { imageSeriesUid }: CourseSegmentation): ImageRecord[] {
  return images.filter(({ seriesInstanceUid, grid }) => seriesInstanceUid === imageSeriesUid && grid !== undefined);
}

/** On the volume whose voxels the segment paints, else on the first that it meets. */
async function place(
  course: StructuresCourse,
  record: UnnamedRecord,
  segment: Segment,
  images: ImageRecord[],
  { store }: StageContext,
): Promise<{ record: UnnamedRecord; findings: Finding[] }> {
  const tried = images.map((image) => ({ image, ...maskOfSegment(segment, gridOf(image.grid!)) }));
  const exact = tried.find(({ status, findings }) => status === 'ok' && findings.length === 0);
  const found: (RoiMask & { image: ImageRecord }) | undefined =
    exact ?? tried.find(({ status }) => status === 'ok') ?? tried[0];
  if (!found) return { record: { ...record, reason: 'the segmented image could not be read' }, findings: [] };
  const { image, mask, status, findings } = found;
  const onImage = { ...record, imageNumber: image.number };
  if (status !== 'ok') return { record: { ...onImage, status, reason: findings.at(-1)?.message ?? status }, findings };
  const written = await writeMask(store, courseKeys(course.courseId).mask(record.number), mask);
  return { record: { ...onImage, ...written }, findings };
}

function blank(
  object: CourseSegmentation,
  { number: roiNumber, name, algorithmType }: Pick<Segment, 'number' | 'name' | 'algorithmType'>,
  number: number,
): UnnamedRecord {
  return {
    number,
    roiNumber,
    roiName: name,
    source: SOURCE,
    algorithm: algorithmType,
    interpretedType: '',
    structureSetUid: object.sopInstanceUid,
    status: 'failed',
    reason: '',
    ...NO_MASK,
  };
}
