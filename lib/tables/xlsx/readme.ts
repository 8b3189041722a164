import type { RowSource } from '../row-source.ts';
import type { Page } from './pages.ts';
import { STYLE } from './parts.ts';
import { textCell } from './sheet.ts';
import { columnName, opened } from './xml.ts';

/** What the first sheet says: lines of cells. */
export function readmeLines(tables: RowSource[], pages: Page[], names: string[], elsewhere: string[]): string[][] {
  const sheetsOf = (table: RowSource) => names.filter((_, n) => pages[n].name === table.name).join(', ');
  return [
    ['Results of rtpipeline'],
    ['Every sheet has the names of its columns in row 1, their units in row 2, and data from row 3 on.'],
    ['The columns of the key tell the rows apart; sheets of equal key columns can be joined on them.'],
    [
      'The sheet data_dictionary says what every column means. Numbers hold all their digits; formats show three decimals.',
    ],
    ['The same tables are beside this file as .parquet and .csv, which statistics programs read without loss.'],
    [],
    ['table', 'rows', 'columns', 'key', 'sheets'],
    ...tables.map((table) => [
      table.name,
      String(table.count),
      String(table.columns.length),
      table.key.join(', '),
      sheetsOf(table),
    ]),
    ...elsewhere.map((name) => [name, '', '', '', `not in this workbook: read ${name}.parquet`]),
  ];
}

const WIDTHS = [28, 12, 12, 70, 40];

export function* readmeSheet(lines: string[][]): Generator<string> {
  const widths = WIDTHS.map((width, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`);
  yield `${opened('worksheet')}<cols>${widths.join('')}</cols><sheetData>`;
  for (const [index, cells] of lines.entries()) {
    const isHead = index === 0 || cells[0] === 'table';
    yield `<row r="${index + 1}">${cells.map((text, n) => cell(text, n, index + 1, isHead)).join('')}</row>`;
  }
  yield '</sheetData></worksheet>';
}

function cell(text: string, n: number, r: number, isHead: boolean): string {
  if (/^\d+$/.test(text)) return `<c r="${columnName(n)}${r}" s="${STYLE.int}"><v>${text}</v></c>`;
  return textCell(n, r, text, isHead ? STYLE.header : STYLE.plain);
}
