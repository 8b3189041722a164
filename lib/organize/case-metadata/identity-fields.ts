import { COURSE_ID, PATIENT_ID } from '../../rt/row-identity.ts';
import { column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const IDENTITY_FIELDS: Field<CaseFacts>[] = [
  field(PATIENT_ID, (f) => f.course.patient.id),
  field(COURSE_ID, (f) => f.course.courseId),
  field(
    column('course_name', 'string', 'month of the course, numbered if there are several'),
    (f) => f.course.displayName,
  ),
  field(column('course_key', 'string', 'studies, frames or series that define the course'), (f) =>
    joined(f.course.anchorUids),
  ),
  field(
    column(
      'source_plan_uids',
      'string',
      'plans of the dose; all plans of the course if no dose is selected',
      '',
      '(0008,0018)',
    ),
    (f) => joined(f.plans.map((plan) => plan.sopInstanceUid)),
  ),
  field(column('source_dose_uids', 'string', 'doses whose sum is the dose of the course', '', '(0008,0018)'), (f) =>
    joined(f.doses.map((dose) => dose.sopInstanceUid)),
  ),
  field(
    column('structure_set_uid', 'string', 'primary structure set', '', '(0008,0018)'),
    (f) => f.structureSet?.sopInstanceUid,
  ),
  field(
    column('planning_series_uid', 'string', 'planning images', '', '(0020,000E)'),
    (f) => f.image?.seriesInstanceUid,
  ),
  field(
    column(
      'planning_status',
      'string',
      'how the planning image was found: referenced, referenced_multi, stand_in, frame_of_reference, fallback_largest, split, unresolved_reference, none; see image_status in the other tables',
    ),
    (f) => f.course.planningStatus,
  ),
];
