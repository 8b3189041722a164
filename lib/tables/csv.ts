import type { Cell, Column, Table } from './table.ts';
import { cellOf, validateTable } from './validate.ts';

const ROWS_PER_CHUNK = 10_000;

/**
 * A table as CSV: RFC 4180, UTF-8 without a byte order mark, a header line, CRLF. Numbers carry every digit needed to
 * read the same double back. No value is an empty field, empty text is `""`. Text that a spreadsheet would run as a
 * formula gets a leading apostrophe (OWASP, CSV injection); numbers stay as they are.
 * @throws PipelineError when a row holds what the columns do not promise
 */
export function toCsv(table: Table): Uint8Array {
  validateTable(table);
  const encoder = new TextEncoder();
  const chunks = [encoder.encode(line(table.columns.map((column) => column.name)))];
  for (let start = 0; start < table.rows.length; start += ROWS_PER_CHUNK) {
    const rows = table.rows.slice(start, start + ROWS_PER_CHUNK);
    chunks.push(encoder.encode(rows.map((row) => line(cellsOf(row, table.columns))).join('')));
  }
  return join(chunks);
}

function cellsOf(row: Table['rows'][number], columns: Column[]): Cell[] {
  return columns.map((column) => cellOf(row, column));
}

function line(cells: Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return text === '' || /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
}

function join(chunks: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
