import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { Table } from './table.ts';
import { validateTable } from './validate.ts';
import { paginate, type SheetLimits, sheetNames } from './xlsx/pages.ts';
import { contentTypes, packageRelations, styles, workbook, workbookRelations } from './xlsx/parts.ts';
import { readmeLines, readmeSheet } from './xlsx/readme.ts';
import { sheetXml } from './xlsx/sheet.ts';

/** Limits of Excel's file format. */
export const XLSX_LIMITS: SheetLimits = { rows: 1_048_576, columns: 16_384, text: 32_767, name: 31 };

/**
 * Tables as one Excel workbook (ECMA-376): first a sheet `README`, then one sheet each: names, units, rows. Header and columns
 * of the key stay in sight, filters are set, dates are dates. A table beyond a sheet's rows or columns goes on in further
 * sheets, named `name (2)`, with the columns of its key repeated. Text beyond Excel's limit is cut and ends in `…`. Sheets are
 * compressed row by row: memory grows with the file, not with its XML. The same tables give the same bytes.
 * @param elsewhere names of tables that are in other files alone
 * @throws PipelineError when a row holds what the columns do not promise
 */
export function toXlsx(tables: Table[], elsewhere: string[] = [], limits = XLSX_LIMITS): Uint8Array {
  tables.forEach(validateTable);
  const pages = tables.flatMap((table) => paginate(table, limits));
  const names = sheetNames(['README', ...pages.map((page) => page.name)], limits.name);
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  const add = (path: string, xml: Iterable<string>) => {
    const file = new ZipDeflate(path, { level: 6 });
    file.mtime = FIRST_MOMENT;
    zip.add(file);
    for (const part of joined(xml)) file.push(strToU8(part));
    file.push(new Uint8Array(0), true);
  };
  add('[Content_Types].xml', [contentTypes(names.length)]);
  add('_rels/.rels', [packageRelations()]);
  add('xl/workbook.xml', [workbook(names, pages)]);
  add('xl/_rels/workbook.xml.rels', [workbookRelations(names.length)]);
  add('xl/styles.xml', [styles()]);
  add('xl/worksheets/sheet1.xml', readmeSheet(readmeLines(tables, pages, names.slice(1), elsewhere)));
  for (const [n, page] of pages.entries()) add(`xl/worksheets/sheet${n + 2}.xml`, sheetXml(page, limits));
  zip.end();
  return Buffer.concat(chunks);
}

/** The first that ZIP knows. */
const FIRST_MOMENT = new Date(1980, 0, 1);
const PART_CHARACTERS = 2 ** 16;

/** Fewer and longer texts. */
function* joined(texts: Iterable<string>): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length < PART_CHARACTERS) continue;
    yield parts.join('');
    parts = [];
    length = 0;
  }
  yield parts.join('');
}
