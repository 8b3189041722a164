import { type Course, countFractions } from '../rt/course.ts';
import { PATIENT_ID } from '../rt/row-identity.ts';
import type { Table } from '../tables/table.ts';
import { joined } from './case-metadata/facts.ts';
import { type Field, field, fieldOf, tableOf } from './field.ts';

/** One row for each patient with a course, for databases of patients such as REDCap: their courses in the order of time. */
export function patientsTable(courses: Course[]): Table {
  const people = [...Map.groupBy(courses, ({ patient }) => patient.id).values()].map((own) =>
    own.toSorted((a, b) => compare(a.startDate, b.startDate) || compare(a.courseId, b.courseId)),
  );
  return tableOf('patients', [PATIENT_ID.name], PATIENT_COLUMNS, people);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const PATIENT_COLUMNS: Field<Course[]>[] = [
  fieldOf(PATIENT_ID, ([first]) => first.patient.id),
  field('sex', 'string', ([first]) => first.patient.sex, 'sex', '', '(0010,0040)'),
  field('age_years', 'double', ([first]) => first.patient.ageYears, 'age at the start of the first course', 'a'),
  field('courses', 'int', (own) => own.length, 'number of courses'),
  field(
    'course_ids',
    'string',
    (own) => own.map(({ courseId }) => courseId).join('; '),
    'courses in the order of time',
  ),
  field(
    'first_date',
    'timestamp',
    (own) => own.map(({ startDate }) => startDate).find(Boolean),
    'start of the first course: first treatment day, else date of the plan',
  ),
  field(
    'last_date',
    'timestamp',
    (own) => own.map(({ endDate }) => endDate).findLast(Boolean),
    'last treatment day of the last course with treatment records',
  ),
  field(
    'plan_labels',
    'string',
    (own) => joined(own.flatMap(({ plans }) => plans.map(({ plan }) => plan.label))),
    'labels of all plans',
    '',
    '(300A,0002)',
  ),
  field(
    'prescriptions_gy',
    'string',
    (own) => own.map(({ doseDecision }) => doseDecision.prescriptionGy ?? '?').join('; '),
    'prescription of each course, ? where none is known',
    'Gy',
  ),
  field(
    'fractions_delivered',
    'int',
    (own) => own.reduce((sum, { fractions }) => sum + countFractions(fractions), 0),
    'delivered fractions of all courses',
  ),
  field(
    'modalities',
    'string',
    (own) => joined(own.flatMap(({ images }) => images.map(({ modality }) => modality)).sort()),
    'kinds of images of all courses',
    '',
    '(0008,0060)',
  ),
];
