import { courseImages, gridOf, type ImageRecord } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import {
  type CourseStructures,
  type StructureRecord,
  type UnnamedRecord,
  withStandardName,
} from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { distinctFindings, type Finding } from '../../findings.ts';
import { countMissing } from '../../image/missing-slices.ts';
import { imageMiB, imageStatusOf } from '../../rt/course.ts';
import { courseKeys } from '../../store/keys.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { writeAgreement } from './agreement.ts';
import { cropStructures } from './crop-structures.ts';
import { derivedStructures } from './derived-structures.ts';
import { STRUCTURES_READ, type StructuresConfig, type StructuresCourse, type StructuresWork } from './inputs.ts';
import { manualStructures } from './manual-structures.ts';
import { writeObjects } from './objects.ts';
import { segmentedStructures } from './segmented-structures.ts';
import { sentSegments } from './sent-segments.ts';
import { STRUCTURE_COLUMNS, structureRow } from './table.ts';
import { writeWholeMasks } from './whole-masks.ts';

/**
 * Every structure of a course, of any source, as one record with a mask on its image: contours, labels of models and what
 * is derived of them, named by one standard, cropped to a region of the body, compared and written as DICOM.
 */
export const structures = defineCourseStage({
  name: 'structures',
  reads: STRUCTURES_READ,
  configuration({ structures, custom_structures, ct_cropping, organize }): StructuresConfig {
    const { enabled, region, superior_margin_cm, inferior_margin_cm } = ct_cropping;
    return {
      structures,
      custom_structures,
      ct_cropping: { enabled, region, superior_margin_cm, inferior_margin_cm },
      organize: { identifiers: organize.identifiers },
    };
  },
  means: () => ({}),
  claim: (course, config) => ({
    cpus: 1,
    memoryMiB: 1024 + 12 * imageMiB(course),
    gpus: 0,
    timeoutSeconds: config.task_timeout,
  }),
  async compute({ course, config }, context) {
    const images = await courseImages(course, context);
    const named = (record: UnnamedRecord) => withStandardName(record, config);
    const work: StructuresWork = { course, images, config, context };
    const manual = await manualStructures(work);
    const sent = await sentSegments(course, images, context, manual.records.length);
    const inUpload = [...manual.records, ...sent.records];
    const segmented = await segmentedStructures(work, inUpload.length);
    const given = [...inUpload, ...segmented].map(named);
    const derived = await derivedStructures(work, given);
    const whole = [...given, ...derived.records.map(named)].map((record) => withImageFacts(record, course, images));
    const { records: unwritten, cropping } = await cropStructures(course, images, whole, config, context);
    const written = await writeObjects(course, images, unwritten, config, context);
    const inSets = unwritten.map((record) => ({ ...record, writtenSetUid: written.setUids.get(record.number) }));
    const records = await writeWholeMasks(course.courseId, images, inSets, context.store);
    await writeAgreement(course, images, records, config, context);
    const others = [...derived.findings, ...cropping.images.flatMap((image) => image.findings), ...written.findings];
    const findings = distinctFindings([...manual.findings, ...sent.findings, ...others]).map((found) =>
      inWrittenSet(found, records),
    );
    const keys = courseKeys(course.courseId);
    await writeJson(context.store, keys.structures, { structures: records, findings } satisfies CourseStructures);
    const rows = records.map((record) => structureRow(course, record, cropping.images));
    const part: TablePart = { columns: STRUCTURE_COLUMNS, rows };
    await writeJson(context.store, keys.part('structures', 'structures'), part);
    return { status: 'ok', findings: [...images.flatMap((image) => image.findings), ...findings] };
  },
});

/** A structure that was made on an image shares how that image was found, and lacks the slices that the image lacks. */
function withImageFacts(record: StructureRecord, course: StructuresCourse, images: ImageRecord[]): StructureRecord {
  const image = images.find(({ number }) => number === record.imageNumber);
  const missing = () =>
    image?.grid && record.box ? countMissing(gridOf(image.grid), image.missingOffsetsMm, record.box) : undefined;
  return {
    ...record,
    imageStatus: record.imageStatus ?? (image && imageStatusOf(course, image.number)),
    missingSlices: record.missingSlices ?? missing(),
  };
}

/** A structure of a model or an operation is told in the tables by the structure set that was written for it. */
function inWrittenSet(found: Finding, records: StructureRecord[]): Finding {
  const { roiNumber, source } = found;
  const record = records.find((one) => one.roiNumber === roiNumber && one.source === source);
  return record?.writtenSetUid === undefined ? found : { ...found, structureSetUid: record.writtenSetUid };
}
