import writeXlsxFile, { type Cell as SheetCell, type SheetData } from 'write-excel-file/universal';
import { type Column, column, type Table } from './table.ts';
import { cellOf, validateTable } from './validate.ts';
import { withFixedTime } from './zip-time.ts';

/** Limits of Excel's file format, and the number of cells that a person may still wish to open. */
export const XLSX_LIMITS = { rows: 1_048_576, columns: 16_384, cells: 1_000_000, text: 32_767, name: 31 };

/**
 * Tables as one Excel workbook: first a sheet `contents`, then one sheet each with its header row frozen. A table beyond a sheet's rows or columns goes on in further sheets, named `name (2)`, with the columns
 * of its key repeated; a table of more than `XLSX_LIMITS.cells` cells is left out, and `contents` says so. Text beyond
 * Excel's limit is cut and ends in `…`. The same tables give the same bytes.
 * @throws PipelineError when a row holds what the columns do not promise
 */
export async function toXlsx(tables: Table[], limits = XLSX_LIMITS): Promise<Uint8Array> {
  tables.forEach(validateTable);
  const kept = tables.filter((table) => table.rows.length * table.columns.length <= limits.cells);
  const pages = [contents(tables, kept), ...kept].flatMap((table) => paginate(table, limits));
  const names = sheetNames(
    pages.map((page) => page.name),
    limits.name,
  );
  const sheets = pages.map((page, index) => ({
    sheet: names[index],
    data: sheetData(page, limits.text),
    stickyRowsCount: 1,
    columns: page.columns.map((c) => ({ width: Math.min(Math.max(c.name.length + 2, 10), 40) })),
  }));
  const blob = await writeXlsxFile(sheets).toBlob();
  return withFixedTime(new Uint8Array(await blob.arrayBuffer()));
}

function contents(tables: Table[], kept: Table[]): Table {
  return {
    name: 'contents',
    key: ['table'],
    columns: [
      column('table', 'string', 'Name of the table.'),
      column('rows', 'int', 'Number of its rows.'),
      column('columns', 'int', 'Number of its columns.'),
      column('note', 'string', 'Says so when the table is not in this workbook.'),
    ],
    rows: tables.map((table) => ({
      table: table.name,
      rows: table.rows.length,
      columns: table.columns.length,
      note: kept.includes(table) ? null : `too large for Excel: read ${table.name}.parquet`,
    })),
  };
}

function paginate(table: Table, limits: typeof XLSX_LIMITS): Table[] {
  const rowsPerPage = limits.rows - 1;
  const columnGroups = splitColumns(table, limits.columns);
  const pageCount = Math.max(1, Math.ceil(table.rows.length / rowsPerPage));
  return columnGroups.flatMap((columns) =>
    Array.from({ length: pageCount }, (_, page) => ({
      ...table,
      columns,
      rows: table.rows.slice(page * rowsPerPage, (page + 1) * rowsPerPage),
    })),
  );
}

function splitColumns({ columns, key }: Table, most: number): Column[][] {
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
function sheetNames(names: string[], longest: number): string[] {
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

function sheetData(table: Table, longestText: number): SheetData {
  const header: SheetCell[] = table.columns.map((c) => ({ value: c.name, type: String, fontWeight: 'bold' }));
  const cell = (value: ReturnType<typeof cellOf>): SheetCell => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (typeof value !== 'string') return value;
    return value.length <= longestText ? value : `${value.slice(0, longestText - 1)}…`;
  };
  return [header, ...table.rows.map((row) => table.columns.map((c) => cell(cellOf(row, c))))];
}
