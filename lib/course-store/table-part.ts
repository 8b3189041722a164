import type { Column, Row } from '../tables/table.ts';

/** What one stage of one course adds to a table of the cohort. */
export interface TablePart {
  columns: Column[];
  rows: Row[];
}
