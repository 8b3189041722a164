import type { RowSource } from '../row-source.ts';
import type { Column } from '../table.ts';

/** What a sheet can hold. */
export interface SheetLimits {
  rows: number;
  columns: number;
  /** Characters of a cell. */
  text: number;
  /** Characters of the name of a sheet. */
  name: number;
}

/** Rows before the data: names and units. */
export const HEADER_ROWS = 2;

/** The part of a table that one sheet shows. */
export interface Page extends RowSource {
  /** Rows of the table on earlier pages. */
  skipped: number;
  /** Rows on this page. */
  rows: number;
  /** Of the table, beside those on this page. */
  allColumns: Column[];
  /** Columns on the left that stay in sight: those of the key that come first. */
  frozenColumns: number;
}

/** A table as pages that fit into a sheet each. */
export function paginate(table: RowSource, limits: SheetLimits): Page[] {
  const rowsPerPage = limits.rows - HEADER_ROWS;
  const pageCount = Math.max(1, Math.ceil(table.count / rowsPerPage));
  return splitColumns(table, limits.columns).flatMap((columns) =>
    Array.from({ length: pageCount }, (_, page) => ({
      ...table,
      columns,
      allColumns: table.columns,
      frozenColumns: frozenColumns(columns, table.key),
      skipped: page * rowsPerPage,
      rows: Math.min(rowsPerPage, table.count - page * rowsPerPage),
    })),
  );
}

/** More of them leave no room on a screen. */
const MOST_FROZEN = 3;

function frozenColumns(columns: Column[], key: string[]): number {
  const first = columns.findIndex(({ name }) => !key.includes(name) && name !== 'roi_name');
  return Math.min(first < 0 ? columns.length - 1 : first, MOST_FROZEN);
}

function splitColumns({ columns, key }: RowSource, most: number): Column[][] {
  if (columns.length <= most) return [columns];
  const ofKey = columns.filter((c) => key.includes(c.name));
  const others = columns.filter((c) => !key.includes(c.name));
  const perGroup = most - ofKey.length;
  return Array.from({ length: Math.ceil(others.length / perGroup) }, (_, group) => [
    ...ofKey,
    ...others.slice(group * perGroup, (group + 1) * perGroup),
  ]);
}

/** Names that Excel takes: no []:*?/\ and no apostrophe at the ends, short enough, different regardless of case. */
export function sheetNames(names: string[], longest: number): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const plain = name.replaceAll(/[[\]:*?/\\]/g, '_').replaceAll(/^'|'$/g, '_') || 'table';
    let candidate = plain.slice(0, longest);
    for (let n = 2; used.has(candidate.toLowerCase()); n++) {
      const suffix = ` (${n})`;
      candidate = plain.slice(0, longest - suffix.length) + suffix;
    }
    used.add(candidate.toLowerCase());
    return candidate;
  });
}
