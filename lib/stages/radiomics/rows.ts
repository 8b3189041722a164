import { IDENTITY_COLUMNS, identityOf } from '../../course-store/identity.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import type { TakenStructure } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import type { Finding } from '../../findings.ts';
import type { Course } from '../../rt/course.ts';
import { type Column, column, type Row } from '../../tables/table.ts';

/** What every row of features begins with; `nameMeaning` says what stands in roi_name. */
export function regionColumns(nameMeaning: string): Column[] {
  return [
    ...IDENTITY_COLUMNS,
    column('roi_name', 'string', nameMeaning, '', '(3006,0026)'),
    column('standard_name', 'string', 'name by AAPM TG-263, when a rule of the name table gives one'),
    column('roi_number', 'int', 'number within its structure set, else within its source', '', '(3006,0022)'),
    column('source', 'string', 'manual, totalsegmentator, custom:<model> or derived'),
    column(
      'cropped',
      'boolean',
      'true when all features are of the part inside the cropped region, which is not all of it',
    ),
    column('image_series_uid', 'string', 'image that the features are of', '', '(0020,000E)'),
    column('modality', 'string', 'modality of the image', '', '(0008,0060)'),
    column(
      'status',
      'string',
      'ok, empty, too_small, outside_image (drawn where the image is not), skipped_by_rule or failed',
    ),
    column('reason', 'string', 'why the status is not ok'),
  ];
}

export function regionCells(
  course: Course,
  image: Pick<ImageRecord, 'seriesInstanceUid' | 'modality'>,
  record: TakenStructure,
  roiName: string,
  { status, reason }: { status: string; reason: string },
): Row {
  return {
    ...identityOf(course),
    roi_name: roiName,
    standard_name: record.standardName,
    roi_number: record.roiNumber,
    source: record.source,
    cropped: record.isCropped,
    image_series_uid: image.seriesInstanceUid,
    modality: image.modality,
    status,
    reason,
  };
}

/** The row of a structure that is on no image to compute: it says why. */
export function partWithoutImage(
  course: Course,
  image: Pick<ImageRecord, 'seriesInstanceUid' | 'modality'>,
  record: TakenStructure,
): TablePart {
  const reason = record.reason || `no features are computed on this image of modality ${image.modality || 'unknown'}`;
  const status = record.status === 'ok' ? 'failed' : record.status;
  const row = regionCells(course, image, record, record.roiName, { status, reason });
  return { columns: regionColumns(NAME_MEANING), rows: [row] };
}

const NAME_MEANING = 'name as written by the source';

/** The finding with the structure that it was made on. */
export function findingOn({ roiNumber, source }: TakenStructure, found: Finding): Finding {
  return { ...found, where: `roi ${roiNumber} (${source}) ${found.where}` };
}
