import type { Config } from '../config.ts';
import { readDataSet } from '../dicom/read.ts';
import { BadInput, describeError } from '../errors.ts';
import { type Finding, finding } from '../finding.ts';
import type { Grid } from '../image/grid.ts';
import { countVoxels, maskVolumeCc } from '../image/mask.ts';
import { touchingFaces } from '../image/touching-faces.ts';
import type { Course, CourseStructureSet } from '../rt/course.ts';
import { readStructureSet } from '../rt/read-structure-set.ts';
import type { Roi } from '../rt/structure-set.ts';
import { courseKeys } from '../store/keys.ts';
import { maskOfRoi } from '../structures/rasterize.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import { courseImages, gridOf, type ImageRecord } from './course-images.ts';
import type { CourseStage } from './course-stage.ts';
import { type CourseStructures, type StructureFinding, type StructureRecord, writeMask } from './course-structures.ts';
import { IDENTITY_COLUMNS, identityOf } from './identity.ts';
import { sha256, stableJson, writeJson } from './json.ts';
import { segmentedStructures } from './segmented-structures.ts';
import type { StageContext } from './stage.ts';
import type { TablePart } from './stage-part.ts';
import { openUpload } from './upload.ts';

/** Contours become masks on the image that they are drawn on; every ROI of every structure set is one record. */
export const structures: CourseStage = {
  name: 'structures',
  after: ['segmentation', 'custom_models'],
  configuration: ({ structures, custom_structures, ct_cropping }: Config) => ({
    structures,
    custom_structures,
    ct_cropping,
  }),
  claim: (course, config) => ({
    vcpus: 1,
    memoryMiB: 1024 + 6 * imageMiB(course),
    gpu: 0,
    timeoutSeconds: config.task_timeout,
  }),
  async compute(course, config, context) {
    const images = await courseImages(course, context, sha256(stableJson(course.images)));
    const records: StructureRecord[] = [];
    const structureFindings: StructureFinding[] = [];
    for (const set of course.structureSets) {
      const found: Finding[] = [];
      records.push(...(await manualStructures(course, set, images, config, context, records.length, found)));
      structureFindings.push(...found.map((one) => ({ ...one, structureSetUid: set.sopInstanceUid })));
    }
    records.push(...(await segmentedStructures(course, images, context, records.length)));
    const keys = courseKeys(course.courseId);
    const written: CourseStructures = { structures: records, findings: structureFindings };
    await writeJson(context.store, keys.structures, written);
    const rows = records.map((record) => rowOf(course, record));
    await writeJson(context.store, keys.part('structures', 'structures'), {
      columns: COLUMNS,
      rows,
    } satisfies TablePart);
    const findings = [...images.flatMap((image) => image.findings), ...structureFindings];
    return { status: 'ok', findings };
  },
};

/** The voxels of all images of a course as 16-bit numbers. */
export function imageMiB(course: Course): number {
  const voxels = course.images.reduce((sum, image) => sum + image.rows * image.columns * image.instances.length, 0);
  return (2 * voxels) / 2 ** 20;
}

async function manualStructures(
  course: Course,
  set: CourseStructureSet,
  images: ImageRecord[],
  config: Config,
  context: StageContext,
  firstNumber: number,
  findings: Finding[],
): Promise<StructureRecord[]> {
  const structureSet = await readSet(set, context, findings);
  if (!structureSet) return set.header.rois.map((roi, i) => unreadable(roi, set, firstNumber + i));
  findings.push(...structureSet.findings);
  const image = images.find((found) => found.seriesInstanceUid === set.imageSeriesUid);
  const grid = image?.grid && gridOf(image.grid);
  const records: StructureRecord[] = [];
  for (const roi of structureSet.rois) {
    const number = firstNumber + records.length;
    context.signal.throwIfAborted();
    const record = grid
      ? await drawn(course, roi, grid, config, context, number, findings)
      : { ...recordOf(roi, number), status: 'failed' as const, reason: `no image: ${set.imageStatus}` };
    records.push({ ...record, structureSetUid: set.sopInstanceUid, imageNumber: grid && image?.number });
  }
  return records;
}

async function readSet(set: CourseStructureSet, context: StageContext, findings: Finding[]) {
  const body = await openUpload(context).get(set.key);
  try {
    return readStructureSet(readDataSet(body));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    findings.push(finding('error', 'STRUCTURE_SET_UNREADABLE', set.sopInstanceUid, describeError(error)));
    return undefined;
  }
}

async function drawn(
  course: Course,
  roi: Roi,
  grid: Grid,
  config: Config,
  context: StageContext,
  number: number,
  findings: Finding[],
): Promise<StructureRecord> {
  const {
    mask,
    status,
    findings: found,
  } = maskOfRoi(roi, grid, { maxFilledGapMm: config.structures.max_contour_gap_mm });
  findings.push(...found);
  const record = { ...recordOf(roi, number), status, reason: status === 'ok' ? '' : (found.at(-1)?.message ?? status) };
  if (status !== 'ok') return record;
  const maskKey = await writeMask(context.store, course.courseId, number, mask);
  const measured = { voxels: countVoxels(mask), volumeCc: maskVolumeCc(mask), touches: touchingFaces(mask) };
  return { ...record, ...measured, box: mask.box, maskKey };
}

function recordOf(roi: Roi, number: number): StructureRecord {
  return {
    number,
    roiNumber: roi.number,
    roiName: roi.name,
    standardName: null,
    source: 'manual',
    interpretedType: roi.interpretedType,
    status: 'failed',
    reason: '',
    voxels: 0,
    volumeCc: 0,
    touches: [],
  };
}

function unreadable(
  roi: { number: number; name: string; interpretedType: string },
  set: CourseStructureSet,
  number: number,
): StructureRecord {
  const record = recordOf({ ...roi, generationAlgorithm: '', frameOfReferenceUid: '', contours: [] }, number);
  return { ...record, structureSetUid: set.sopInstanceUid, reason: 'the structure set could not be read' };
}

const COLUMNS: Column[] = [
  ...IDENTITY_COLUMNS,
  column('roi_name', 'string', 'name as written by the source', '', '(3006,0026)'),
  column('roi_number', 'int', 'number within its structure set', '', '(3006,0022)'),
  column('source', 'string', 'manual, totalsegmentator, custom:<model> or derived'),
  column(
    'standard_name',
    'string',
    'name by AAPM TG-263, when a rule of the name table gives one',
    '',
    'doi:10.1016/j.ijrobp.2017.12.013',
  ),
  column('interpreted_type', 'string', 'kind of structure: PTV, ORGAN, EXTERNAL, ...', '', '(3006,00A4)'),
  column('structure_set_uid', 'string', 'structure set that holds its contours', '', '(0008,0018)'),
  column('image_series_uid', 'string', 'image that the mask lies on', '', '(0020,000E)'),
  column('status', 'string', 'ok, empty, too_small (no voxel centre inside), outside_image or failed'),
  column('reason', 'string', 'why it is not ok'),
  column('voxels', 'int', 'voxels whose centre lies inside'),
  column('mask_volume_cc', 'double', 'volume of these voxels', 'cc'),
  column('touches', 'string', 'faces of the image that the mask reaches, in patient directions'),
];

function rowOf(course: Course, record: StructureRecord): Row {
  const image = record.imageNumber === undefined ? undefined : course.images[record.imageNumber];
  return {
    ...identityOf(course),
    roi_name: record.roiName,
    roi_number: record.roiNumber,
    source: record.source,
    standard_name: record.standardName,
    interpreted_type: record.interpretedType,
    structure_set_uid: record.structureSetUid ?? null,
    image_series_uid: image?.seriesInstanceUid ?? null,
    status: record.status,
    reason: record.reason,
    voxels: record.voxels,
    mask_volume_cc: record.volumeCc,
    touches: record.touches.join(', '),
  };
}
