import { COURSE_ID, PATIENT_ID } from '../../rt/row-identity.ts';
import { type Field, field, fieldOf } from '../field.ts';
import { type CaseFacts, joined } from './facts.ts';

export const IDENTITY_FIELDS: Field<CaseFacts>[] = [
  fieldOf(PATIENT_ID, (f) => f.course.patient.id),
  fieldOf(COURSE_ID, (f) => f.course.courseId),
  field('course_name', 'string', (f) => f.course.displayName, 'month of the course, numbered when not the only one'),
  field('course_key', 'string', (f) => joined(f.course.anchorUids), 'studies, frames or series that define the course'),
  field(
    'source_plan_uids',
    'string',
    (f) => joined(f.plans.map((plan) => plan.sopInstanceUid)),
    'plans of the dose, or all of the course when no dose is selected',
    '',
    '(0008,0018)',
  ),
  field(
    'source_dose_uids',
    'string',
    (f) => joined(f.doses.map((dose) => dose.sopInstanceUid)),
    'doses that add up to the dose of the course',
    '',
    '(0008,0018)',
  ),
  field(
    'structure_set_uid',
    'string',
    (f) => f.structureSet?.sopInstanceUid,
    'primary structure set',
    '',
    '(0008,0018)',
  ),
  field('planning_series_uid', 'string', (f) => f.image?.seriesInstanceUid, 'planning images', '', '(0020,000E)'),
  field(
    'planning_status',
    'string',
    (f) => f.course.planningStatus,
    'how the planning image was found: referenced, referenced_multi, stand_in, frame_of_reference, fallback_largest, split, unresolved_reference, none; see image_status in the other tables',
  ),
];
