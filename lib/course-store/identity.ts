import type { Course } from '../rt/course.ts';
import { type Column, column, type Row } from '../tables/table.ts';

/** What every row of a course begins with. */
export const IDENTITY_COLUMNS: Column[] = [
  column('patient_id', 'string', 'patient, or its pseudonym', '', '(0010,0020)'),
  column('course_id', 'string', 'course, a salted hash of its anchor UIDs'),
];

export function identityOf(course: Course): Row {
  return { patient_id: course.patient.id, course_id: course.courseId };
}
