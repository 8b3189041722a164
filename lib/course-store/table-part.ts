import type { Column, Row } from '../tables/table.ts';

/** What one stage of one course adds to a table of the cohort. */
export interface TablePart {
  columns: Column[];
  rows: Row[];
}

/** The identity columns that start every row of a course. */
export interface Identity extends Row {
  patient_id: string;
  course_id: string;
}
