import type { ItemReader } from './definition.ts';
import { Failure } from './failure.ts';
import type { JsonObject } from './json.ts';

const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/** Rows as objects of texts, by the headers of the first row or by given ones (RFC 4180, other delimiters too). */
export function parseCsv(text: string, config: ItemReader['ReaderConfig']): JsonObject[] {
  const rows = splitRows(text, DELIMITERS[config?.CSVDelimiter ?? 'COMMA']);
  const headers = config?.CSVHeaderLocation === 'GIVEN' ? config.CSVHeaders : rows.shift();
  if (!headers) throw new Failure('States.ItemReaderFailed', 'the CSV has no headers');
  return rows.map((row) => Object.fromEntries(headers.map((header, column) => [header, row[column] ?? ''])));
}

function splitRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const [value, end] = text[at] === '"' ? quoted(text, at + 1) : bare(text, at, delimiter);
    row.push(value);
    at = end;
    if (text[at] === delimiter) {
      at += 1;
      if (at < text.length) continue;
      row.push('');
    }
    rows.push(row);
    row = [];
    while (text[at] === '\r' || text[at] === '\n') at += 1;
  }
  return rows;
}

function quoted(text: string, start: number): [string, number] {
  let value = '';
  for (let at = start; at < text.length; at++) {
    if (text[at] !== '"') value += text[at];
    else if (text[at + 1] === '"') value += text[at++];
    else return [value, at + 1];
  }
  throw new Failure('States.ItemReaderFailed', 'the CSV ends inside a quoted field');
}

function bare(text: string, start: number, delimiter: string): [string, number] {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return [text.slice(start, end), end];
}
