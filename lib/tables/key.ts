import type { Cell, Row, Table } from './table.ts';
import { hasValue } from './validate.ts';

/** The cells of the key of a row. Two rows of one table that agree in them are one thing said twice. */
export function keyCells({ key }: Pick<Table, 'key'>, row: Row): Cell[] {
  return key.map((name) => (hasValue(row[name]) ? row[name] : null));
}

/** How many rows have the key of a row before them. 0 in every sound table. */
export function repeatedKeys(table: Pick<Table, 'key' | 'rows'>): number {
  const distinct = new Set(table.rows.map((row) => JSON.stringify(keyCells(table, row))));
  return table.rows.length - distinct.size;
}
