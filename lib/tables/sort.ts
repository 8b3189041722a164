import type { Cell, Column, Row, Table } from './table.ts';
import { cellOf } from './validate.ts';

/**
 * The same rows in the one order in which they are published: by the key of the table, then by all other columns from left
 * to right. Nothing depends on which worker ended first.
 */
export function sortRows(table: Table): Table {
  const columns = keyFirst(table);
  return { ...table, rows: table.rows.toSorted((a, b) => compareRows(a, b, columns)) };
}

function keyFirst({ key, columns }: Table): Column[] {
  const ofKey = key.flatMap((name) => columns.filter((column) => column.name === name));
  return [...ofKey, ...columns.filter((column) => !key.includes(column.name))];
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
