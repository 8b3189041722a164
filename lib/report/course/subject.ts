import { type CourseView, columnsOf, type StructureNumbers } from '../courses.ts';
import type { CourseDetails, ReportInput } from '../input.ts';

/** All of one course that its page is drawn from. */
export interface CoursePage {
  course: CourseView;
  input: ReportInput;
  details: CourseDetails;
  /** One number for each structure of the course: its colour in the chart and in the pictures. */
  numbers: StructureNumbers;
}

/** Whether a table of the cohort has a column. */
export function hasColumn({ input }: CoursePage, table: string, name: string): boolean {
  return columnsOf(input, table).some((column) => column.name === name);
}
