import type { Cell, Column, Row } from '../table.ts';
import { cellOf, validateTable } from '../validate.ts';
import { HEADER_ROWS, type Page, type SheetLimits } from './pages.ts';
import { STYLE } from './parts.ts';
import { columnName, escaped, opened } from './xml.ts';

/** The XML of a sheet, a row at a time. @throws PipelineError when a row holds what the columns do not promise */
export async function* sheetXml(page: Page, limits: SheetLimits): AsyncGenerator<string> {
  const { columns, rows, frozenColumns } = page;
  const last = columnName(columns.length - 1);
  yield `${opened('worksheet')}${views(frozenColumns)}<cols>${columns.map(width).join('')}</cols><sheetData>`;
  const names = columns.map(({ name }, n) => textCell(n, 1, name, STYLE.header)).join('');
  const units = columns.map(({ unit }, n) => (unit === '' ? '' : textCell(n, 2, unit, STYLE.unit))).join('');
  yield `<row r="1">${names}</row><row r="2">${units}</row>`;
  let r = HEADER_ROWS;
  for await (const batch of rowsOf(page)) {
    for (const row of batch) {
      r += 1;
      yield `<row r="${r}">${columns.map((one, n) => cellXml(n, r, cellOf(row, one), one, limits.text)).join('')}</row>`;
    }
  }
  yield `</sheetData><autoFilter ref="A${HEADER_ROWS}:${last}${rows + HEADER_ROWS}"/></worksheet>`;
}

/** The rows of the table that stand on this page. */
async function* rowsOf({ name, key, allColumns, batches, skipped, rows }: Page): AsyncGenerator<Row[]> {
  let passed = 0;
  for await (const batch of batches()) {
    validateTable({ name, key, columns: allColumns, rows: batch });
    const from = Math.max(skipped - passed, 0);
    const to = Math.min(skipped + rows - passed, batch.length);
    if (from < to) yield batch.slice(from, to);
    passed += batch.length;
    if (passed >= skipped + rows) return;
  }
}

/** The row of units carries the filters, so that sorting leaves names and units in their place. */
function views(frozenColumns: number): string {
  const x = frozenColumns > 0 ? ` xSplit="${frozenColumns}"` : '';
  const pane = frozenColumns > 0 ? 'bottomRight' : 'bottomLeft';
  const corner = `${columnName(frozenColumns)}${HEADER_ROWS + 1}`;
  return `<sheetViews><sheetView workbookViewId="0"><pane${x} ySplit="${HEADER_ROWS}" topLeftCell="${corner}" activePane="${pane}" state="frozen"/></sheetView></sheetViews>`;
}

const [NARROWEST, WIDEST] = [10, 40];

function width({ name }: Column, n: number): string {
  const characters = Math.min(Math.max(name.length + 4, NARROWEST), WIDEST);
  return `<col min="${n + 1}" max="${n + 1}" width="${characters}" customWidth="1"/>`;
}

function cellXml(n: number, r: number, cell: Cell, column: Column, longest: number): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return `<c r="${columnName(n)}${r}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'number') return numberCell(n, r, cell, column);
  const day = mayBeDate(column) ? serialOf(cell) : undefined;
  if (day !== undefined) {
    const style = Number.isInteger(day) ? STYLE.date : STYLE.dateTime;
    return `<c r="${columnName(n)}${r}" s="${style}"><v>${day}</v></c>`;
  }
  const text = cell.length <= longest ? cell : `${cell.slice(0, longest - 1)}…`;
  return textCell(n, r, text);
}

export function textCell(n: number, r: number, text: string, style = 0): string {
  const styled = style === 0 ? '' : ` s="${style}"`;
  return `<c r="${columnName(n)}${r}"${styled} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

function numberCell(n: number, r: number, value: number, { type }: Column): string {
  if (!Number.isFinite(value)) return textCell(n, r, String(value));
  return `<c r="${columnName(n)}${r}" s="${type === 'int' ? STYLE.int : decimalStyle(value)}"><v>${value}</v></c>`;
}

/** The whole value stays in the cell; three decimals are shown where they say something. */
function decimalStyle(value: number): number {
  const size = Math.abs(value);
  return size === 0 || (size >= 0.001 && size < 1e7) ? STYLE.decimal : STYLE.power;
}

function mayBeDate({ name, type }: Column): boolean {
  return type === 'timestamp' || (type === 'string' && /(^|_)date(_|$)/.test(name));
}

const DAY_MS = 86_400_000;
/** Day 0 of Excel's calendar from March 1900 on, which believes in a 29 February 1900. */
const DAY_ZERO_MS = Date.UTC(1899, 11, 30);
const FIRST_DAY = 61;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/** Days since day 0 of a date, with or without its local time; undefined for any other text. */
function serialOf(text: string): number | undefined {
  const match = LOCAL.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(ms).getUTCDate() !== day) return undefined;
  const serial = (ms - DAY_ZERO_MS) / DAY_MS;
  return serial >= FIRST_DAY ? serial : undefined;
}
