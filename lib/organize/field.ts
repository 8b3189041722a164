import { type Cell, type Column, type ColumnType, column, type Table } from '../tables/table.ts';

/** A column and how its cell is read from what the row is about. */
export interface Field<T> {
  column: Column;
  read(from: T): Cell | undefined;
}

/** Declare a column beside the reading of its cells, so that neither can be without the other. */
export function field<T>(
  name: string,
  type: ColumnType,
  read: (from: T) => Cell | undefined,
  meaning: string,
  unit = '',
  source = '',
): Field<T> {
  return { column: column(name, type, meaning, unit, source), read };
}

/** A column that is declared elsewhere, and its reading. */
export function fieldOf<T>(declared: Column, read: (from: T) => Cell | undefined): Field<T> {
  return { column: declared, read };
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
