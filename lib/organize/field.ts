import type { Cell, Column, Table } from '../tables/table.ts';

/** A column and how its cell is read from what the row is about. */
export interface Field<T> {
  column: Column;
  read(from: T): Cell | undefined;
}

/** Declare a column beside the reading of its cells, so that neither can be without the other. */
export function field<T>(column: Column, read: (from: T) => Cell | undefined): Field<T> {
  return { column, read };
}

/** A table with a row for each item; '' and undefined become "no value". */
export function tableOf<T>(name: string, key: string[], fields: Field<T>[], items: T[]): Table {
  return {
    name,
    key,
    columns: fields.map((f) => f.column),
    rows: items.map((item) => Object.fromEntries(fields.map((f) => [f.column.name, cellOf(f.read(item))]))),
  };
}

function cellOf(value: Cell | undefined): Cell {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
