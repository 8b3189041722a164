import type { Course } from '../../rt/course.ts';
import { COURSE_KEY } from '../../rt/row-identity.ts';
import type { Table } from '../../tables/table.ts';
import { type Field, tableOf } from '../field.ts';
import { BEAM_FIELDS } from './beam-fields.ts';
import { DOSE_FIELDS } from './dose-fields.ts';
import { type CaseFacts, caseFacts } from './facts.ts';
import { IDENTITY_FIELDS } from './identity-fields.ts';
import { IMAGE_FIELDS } from './image-fields.ts';
import { PATIENT_FIELDS } from './patient-fields.ts';
import { STRUCTURE_FIELDS } from './structure-fields.ts';
import { TREATMENT_FIELDS } from './treatment-fields.ts';

const FIELDS: Field<CaseFacts>[] = [
  ...IDENTITY_FIELDS,
  ...TREATMENT_FIELDS,
  ...BEAM_FIELDS,
  ...DOSE_FIELDS,
  ...IMAGE_FIELDS,
  ...PATIENT_FIELDS,
  ...STRUCTURE_FIELDS,
];

/** One row per course: what was planned and given, on which images, to whom. */
export function caseMetadataTable(courses: Course[]): Table {
  return tableOf('case_metadata', COURSE_KEY, FIELDS, courses.map(caseFacts));
}
