import type { ImageRecord } from '../../course-store/images.ts';
import { roiIdentity, structureSubject, type TakenStructure } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import type { Finding } from '../../findings.ts';
import { INTENSITY_UNIT } from '../../radiomics/pyradiomics/columns.ts';
import { FEATURE_STATUS, type FeatureStatus, type RoiEnd, STATUS_REASON } from '../../rt/roi-status.ts';
import { COURSE_COLUMNS, CUT_AT_BORDER, courseCells, ROI_COLUMNS, roiCells } from '../../rt/row-identity.ts';
import { type Column, column, type Row } from '../../tables/table.ts';
import type { RadiomicsCourse } from './inputs.ts';

/** What every row of features begins with. */
export const REGION_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  column('cropped', 'boolean', 'true if all features describe only the part inside the cropped region'),
  CUT_AT_BORDER,
  column('modality', 'string', 'modality of the image', '', '(0008,0060)'),
  FEATURE_STATUS,
  STATUS_REASON,
  INTENSITY_UNIT,
];

/** What the rows say of an image. */
export interface ImageFacts {
  modality: string;
  /** Of the intensities that the features are computed of: HU, SUVbw, ..., or '' when they have none. */
  unit: string;
}

export function regionCells(
  course: RadiomicsCourse,
  { modality, unit }: ImageFacts,
  record: TakenStructure,
  { status, reason }: RoiEnd<FeatureStatus>,
): Row {
  return {
    ...courseCells(course),
    ...roiCells(roiIdentity(course, record)),
    cropped: record.isCropped,
    cut_at_border: record.touches.length > 0,
    modality,
    status,
    reason,
    [INTENSITY_UNIT.name]: unit,
  };
}

/** The row of a structure that is on no image to compute: it says why. */
export function partWithoutImage(course: RadiomicsCourse, modality: string, record: TakenStructure): TablePart {
  const reason = record.reason || `no features are computed on this image of modality ${modality || 'unknown'}`;
  const status = record.status === 'ok' ? 'failed' : record.status;
  return partOfRow(regionCells(course, { modality, unit: '' }, record, { status, reason }));
}

/** The row of a structure on a PET whose values are no SUV. */
export function partWithoutSuv(
  course: RadiomicsCourse,
  facts: ImageFacts,
  record: TakenStructure,
  reason: string,
): TablePart {
  const end: RoiEnd<FeatureStatus> = record.status === 'ok' ? { status: 'no_suv', reason } : record;
  return partOfRow(regionCells(course, facts, record, end));
}

function partOfRow(row: Row): TablePart {
  return { columns: REGION_COLUMNS, rows: [row] };
}

/** The findings with the structure and the image that they were made on. */
export function findingsOnImage(record: TakenStructure, image: ImageRecord, findings: Finding[]): Finding[] {
  const where = `roi ${record.roiNumber} (${record.source})`;
  const subject = { ...structureSubject(record), imageSeriesUid: image.seriesInstanceUid };
  return findings.map((found) => ({ ...subject, ...found, part: found.where, where: `${where} ${found.where}` }));
}
