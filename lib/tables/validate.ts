import { PipelineError } from '../errors.ts';
import type { Cell, Column, ColumnType, Row, Table } from './table.ts';

/**
 * Checks that a table holds what its columns promise, before anything is written.
 * @throws PipelineError naming table, column and row: two columns of one name, a key or a cell without a column, a
 * cell of another type. The value itself is not shown, it may identify a patient.
 */
export function validateTable(table: Table): void {
  const types = new Map<string, ColumnType>();
  for (const { name, type } of table.columns) {
    if (types.has(name)) throw new PipelineError(`table ${table.name} has two columns named ${name}`);
    types.set(name, type);
  }
  const missing = table.key.find((name) => !types.has(name));
  if (missing !== undefined)
    throw new PipelineError(`table ${table.name} has no column ${missing}, which is in its key`);
  table.rows.forEach((row, index) => {
    for (const key of Object.keys(row)) checkCell(table.name, types, row, key, index);
  });
}

function checkCell(table: string, types: Map<string, ColumnType>, row: Row, key: string, index: number): void {
  const type = types.get(key);
  if (type === undefined) throw new PipelineError(`table ${table}, row ${index}: no column is named ${key}`);
  const cell = row[key];
  if (hasValue(cell) && !isOfType(cell, type)) {
    throw new PipelineError(`table ${table}, row ${index}: ${key} holds a ${typeof cell} that is no ${type}`);
  }
}

/** False for null, NaN and an absent key: all three mean "no value". */
export function hasValue(cell: Cell | undefined): cell is string | number | boolean {
  return cell !== null && cell !== undefined && !Number.isNaN(cell);
}

/** The value of a row under a column, with "no value" always as null. */
export function cellOf(row: Row, column: Column): Cell {
  const cell = row[column.name];
  return hasValue(cell) ? cell : null;
}

function isOfType(cell: string | number | boolean, type: ColumnType): boolean {
  switch (type) {
    case 'string':
      return typeof cell === 'string';
    case 'double':
      return typeof cell === 'number';
    case 'int':
      return Number.isSafeInteger(cell);
    case 'boolean':
      return typeof cell === 'boolean';
    case 'timestamp':
      return typeof cell === 'string' && ISO_8601.test(cell) && !Number.isNaN(Date.parse(cell));
  }
}

const ISO_8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;
