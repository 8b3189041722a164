import type { Cell, Column, Row, Table } from './table.ts';
import { cellOf } from './validate.ts';

/** What a row is about; rows are ordered by these first. */
export const IDENTITY_COLUMNS = ['patient_id', 'course_id', 'roi_name', 'roi_number', 'source'];

/**
 * The same rows in the one order in which they are published: by the identity columns, then by all others from left to
 * right. Nothing depends on which worker ended first.
 */
export function sortRows(table: Table): Table {
  const columns = identityFirst(table.columns);
  return { ...table, rows: table.rows.toSorted((a, b) => compareRows(a, b, columns)) };
}

/** The columns with the identity columns in front, in their fixed order. */
export function identityFirst(columns: Column[]): Column[] {
  const rank = (column: Column) => {
    const index = IDENTITY_COLUMNS.indexOf(column.name);
    return index < 0 ? IDENTITY_COLUMNS.length : index;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

function compareRows(a: Row, b: Row, columns: Column[]): number {
  for (const column of columns) {
    const order = compareCells(cellOf(a, column), cellOf(b, column));
    if (order !== 0) return order;
  }
  return 0;
}

/** No value first, numbers by size, text by code units: the order of no locale. */
export function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
