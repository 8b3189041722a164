import { type Course, countFractions } from '../rt/course.ts';
import { PATIENT_ID } from '../rt/row-identity.ts';
import { column, type Table } from '../tables/table.ts';
import { joined } from './case-metadata/facts.ts';
import { type Field, field, tableOf } from './field.ts';

/** One row for each patient with a course, for databases of patients such as REDCap: their courses in chronological order. */
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
  field(PATIENT_ID, ([first]) => first.patient.id),
  field(column('sex', 'string', 'sex', '', '(0010,0040)'), ([first]) => first.patient.sex),
  field(
    column('age_years', 'double', 'age at the start of the first course', 'a'),
    ([first]) => first.patient.ageYears,
  ),
  field(column('courses', 'int', 'number of courses'), (own) => own.length),
  field(column('course_ids', 'string', 'courses in chronological order'), (own) =>
    own.map(({ courseId }) => courseId).join('; '),
  ),
  field(
    column('first_date', 'timestamp', 'start of the first course: first treatment day, else date of the plan'),
    (own) => own.map(({ startDate }) => startDate).find(Boolean),
  ),
  field(column('last_date', 'timestamp', 'last treatment day of the last course with treatment records'), (own) =>
    own.map(({ endDate }) => endDate).findLast(Boolean),
  ),
  field(column('plan_labels', 'string', 'labels of all plans', '', '(300A,0002)'), (own) =>
    joined(own.flatMap(({ plans }) => plans.map(({ plan }) => plan.label))),
  ),
  field(column('prescriptions_gy', 'string', 'prescription of each course; ? if unknown', 'Gy'), (own) =>
    own.map(({ doseDecision }) => doseDecision.prescriptionGy ?? '?').join('; '),
  ),
  field(column('fractions_delivered', 'int', 'delivered fractions of all courses'), (own) =>
    own.reduce((sum, { fractions }) => sum + countFractions(fractions), 0),
  ),
  field(column('modalities', 'string', 'kinds of images of all courses', '', '(0008,0060)'), (own) =>
    joined(own.flatMap(({ images }) => images.map(({ modality }) => modality)).sort()),
  ),
];
