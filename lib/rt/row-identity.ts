import { type Column, column, type Row } from '../tables/table.ts';
import type { Course } from './course.ts';

/**
 * What identifies the rows of all tables: every column is declared here once, and its cells are made here, so that tables
 * join on columns of equal names and values.
 */
export const PATIENT_ID = column('patient_id', 'string', 'PatientID, or its pseudonym', '', '(0010,0020)');
export const COURSE_ID = column(
  'course_id',
  'string',
  'id of the course: a salted hash of the patient and the anchor UIDs of the course',
);
export const COURSE_COLUMNS: Column[] = [PATIENT_ID, COURSE_ID];
export const COURSE_KEY = COURSE_COLUMNS.map(({ name }) => name);

export const STANDARD_NAME = column(
  'standard_name',
  'string',
  'name by AAPM TG-263, if a rule of the name table gives one',
  '',
  'AAPM TG-263, doi:10.1016/j.ijrobp.2017.12.013',
);
export const ROI_NAME = column('roi_name', 'string', 'original name, as the source writes it', '', '(3006,0026)');
export const SOURCE = column(
  'source',
  'string',
  'source of the structure: manual, seg, totalsegmentator, custom:<model> or derived',
);
export const IMAGE_SERIES_UID = column(
  'image_series_uid',
  'string',
  'image of the structure; empty if it has none',
  '',
  '(0020,000E)',
);

/** Of the image that a structure lies on: which one it is, why it, and what it lacks. */
const IMAGE_COLUMNS: Column[] = [
  IMAGE_SERIES_UID,
  column(
    'image_volume',
    'string',
    'the volume, if the image series holds several: the attribute that distinguishes it',
  ),
  column(
    'image_status',
    'string',
    'how the image was found: referenced (the files name it), referenced_multi (the largest of several named series), stand_in (the named image is missing, another one of its frame of reference is used), frame_of_reference (the only one of its frame), fallback_largest (the largest), split or unresolved_reference (no image)',
  ),
  column(
    'missing_slices',
    'int',
    'slices of the structure that are missing or unreadable in its image: volume and features of the mask describe the rest',
  ),
];

/** A structure, in every table with a row for each. */
export const ROI_COLUMNS: Column[] = [
  ROI_NAME,
  STANDARD_NAME,
  column('roi_number', 'int', 'number within its structure set', '', '(3006,0022)'),
  SOURCE,
  column(
    'structure_set_uid',
    'string',
    'RTSTRUCT with the structure: from the upload, or the one written for models and derived structures; empty if none was written',
    '',
    '(0008,0018)',
  ),
  column('primary', 'boolean', 'true if it belongs to the structure set of the plan with the dose of the course'),
  ...IMAGE_COLUMNS,
];
export const ROI_KEY = [...COURSE_KEY, 'structure_set_uid', 'roi_number', 'roi_name', 'source'];

export const DOSE_UID = column('dose_uid', 'string', 'dose, or sum of doses', '', '(0008,0018)');
/** Where a finding is seen. */
export const POSITION_COLUMNS: Column[] = [
  column(
    'position_x_mm',
    'double',
    'x of the place where it is seen (to the left of the patient); empty if it has no place',
    'mm',
  ),
  column('position_y_mm', 'double', 'y of the place where it is seen (to the back of the patient)', 'mm'),
  column(
    'position_z_mm',
    'double',
    'z of the place where it is seen (to the head of the patient): the slice of an axial image',
    'mm',
  ),
];

/** @param positionMm in patient coordinates (DICOM LPS); hundredths are as fine as headers are */
export function positionCells(positionMm: readonly number[] | undefined): Row {
  const [x, y, z] = positionMm?.map((mm) => Number(mm.toFixed(2))) ?? [null, null, null];
  return { position_x_mm: x, position_y_mm: y, position_z_mm: z };
}

export const CUT_AT_BORDER = column(
  'cut_at_border',
  'boolean',
  'true if it touches the border of its image and may continue beyond it',
);

/** What the tables say of a structure. */
export interface RoiIdentity {
  /** SOP Instance UID of the RTSTRUCT that holds it; '' when there is none. */
  structureSetUid: string;
  roiNumber: number;
  roiName: string;
  standardName: string | null;
  source: string;
  /** Unknown outside of a course. */
  primary?: boolean;
  imageSeriesUid?: string;
  /** What tells its volume from the others of its series; '' when there is one. */
  imageVolume?: string;
  imageStatus?: string;
  missingSlices?: number;
}

/** The cells of `ROI_COLUMNS` in a row about no structure. */
export const NO_ROI: Row = {
  roi_name: '',
  standard_name: null,
  roi_number: null,
  source: '',
  structure_set_uid: '',
  primary: null,
  image_series_uid: null,
  image_volume: null,
  image_status: null,
  missing_slices: null,
};

export function courseCells(course: Pick<Course, 'patient' | 'courseId'>): Row {
  return { patient_id: course.patient.id, course_id: course.courseId };
}

/** The cells of `ROI_COLUMNS`. */
export function roiCells(roi: RoiIdentity): Row {
  return {
    roi_name: roi.roiName,
    standard_name: roi.standardName,
    roi_number: roi.roiNumber,
    source: roi.source,
    structure_set_uid: roi.structureSetUid,
    primary: roi.primary ?? null,
    image_series_uid: roi.imageSeriesUid ?? null,
    image_volume: roi.imageVolume ?? null,
    image_status: roi.imageStatus ?? null,
    missing_slices: roi.missingSlices ?? null,
  };
}
