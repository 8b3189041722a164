import { PipelineError } from '../errors.ts';
import type { Cell, Column, ColumnType, Row, Table, TableHead } from './table.ts';

/**
 * Checks that a table holds what its columns promise, before anything is written.
 * @throws PipelineError naming table, column and row: two columns of one name, a key or a cell without a column, a
 * cell of another type. The value itself is not shown, it may identify a patient.
 */
export function validateTable(table: Table): void {
  const types = columnTypes(table);
  table.rows.forEach((row, index) => {
    const fault = faultOf(row, types);
    if (fault) throw new PipelineError(`table ${table.name}, row ${index}: ${fault}`);
  });
}

export interface RefusedRow {
  row: Row;
  /** What is wrong with it, without the value. */
  fault: string;
}

/**
 * The table without the rows that its columns do not allow, and these: one of them would be the loss of all others.
 * @throws PipelineError as `validateTable` when the columns themselves are at fault
 */
export function parted(table: Table): { table: Table; refused: RefusedRow[] } {
  const types = columnTypes(table);
  const refused: RefusedRow[] = [];
  const rows = table.rows.filter((row) => {
    const fault = faultOf(row, types);
    if (fault) refused.push({ row, fault });
    return fault === undefined;
  });
  return { table: refused.length === 0 ? table : { ...table, rows }, refused };
}

function columnTypes(table: TableHead): Map<string, ColumnType> {
  const types = new Map<string, ColumnType>();
  for (const { name, type } of table.columns) {
    if (types.has(name)) throw new PipelineError(`table ${table.name} has two columns named ${name}`);
    types.set(name, type);
  }
  const missing = table.key.find((name) => !types.has(name));
  if (missing !== undefined)
    throw new PipelineError(`table ${table.name} has no column ${missing}, which is in its key`);
  return types;
}

function faultOf(row: Row, types: Map<string, ColumnType>): string | undefined {
  if (typeof row !== 'object' || row === null) return 'it is no row';
  for (const name of Object.keys(row)) {
    const type = types.get(name);
    if (type === undefined) return `no column is named ${name}`;
    const cell = row[name];
    if (hasValue(cell) && !isOfType(cell, type)) return `${name} holds a ${typeof cell} that is no ${type}`;
  }
  return undefined;
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
