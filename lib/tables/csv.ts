import type { Cell, Column, Row, Table, TableHead } from './table.ts';
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
  const chunks = [headerLine(table)];
  for (let start = 0; start < table.rows.length; start += ROWS_PER_CHUNK)
    chunks.push(lines(table, table.rows.slice(start, start + ROWS_PER_CHUNK)));
  return join(chunks);
}

/** The file of `toCsv` in pieces, of a table too long to be held at once. @throws PipelineError as `toCsv` */
export async function* csvPieces(head: TableHead, batches: AsyncIterable<Row[]>): AsyncGenerator<Uint8Array> {
  yield headerLine(head);
  for await (const rows of batches) {
    validateTable({ ...head, rows });
    yield lines(head, rows);
  }
}

const encoder = new TextEncoder();

function headerLine({ columns }: TableHead): Uint8Array {
  return encoder.encode(line(columns.map((column) => column.name)));
}

function lines({ columns }: TableHead, rows: Row[]): Uint8Array {
  return encoder.encode(rows.map((row) => line(cellsOf(row, columns))).join(''));
}

function cellsOf(row: Row, columns: Column[]): Cell[] {
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
