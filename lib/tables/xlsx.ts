import { constants, deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';
import type { RowSource } from './row-source.ts';
import { type Page, paginate, type SheetLimits, sheetNames } from './xlsx/pages.ts';
import { contentTypes, packageRelations, styles, workbook, workbookRelations } from './xlsx/parts.ts';
import { readmeLines, readmeSheet } from './xlsx/readme.ts';
import { sheetXml } from './xlsx/sheet.ts';

/** Limits of Excel's file format. */
export const XLSX_LIMITS: SheetLimits = { rows: 1_048_576, columns: 16_384, text: 32_767, name: 31 };

/**
 * Tables as one Excel workbook (ECMA-376), in pieces: first a sheet `README`, then one sheet each: names, units, rows. Header
 * and columns of the key stay in sight, filters are set, dates are dates. A table beyond a sheet's rows or columns goes on in
 * further sheets, named `name (2)`, with the columns of its key repeated. Text beyond Excel's limit is cut and ends in `…`.
 * Sheets are compressed row by row: nothing is held but a batch of rows. The same tables give the same bytes.
 * @param elsewhere names of tables that are in other files alone
 * @throws PipelineError when a row holds what the columns do not promise
 */
export async function* xlsxPieces(
  tables: RowSource[],
  elsewhere: string[] = [],
  limits = XLSX_LIMITS,
): AsyncGenerator<Uint8Array> {
  const pages = tables.flatMap((table) => paginate(table, limits));
  const names = sheetNames(['README', ...pages.map((page) => page.name)], limits.name);
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for (const [path, xml] of partsOf({ tables, pages, names, elsewhere, limits })) {
    const file = new DeflatedFile(path);
    file.mtime = FIRST_MOMENT;
    zip.add(file);
    for await (const part of joined(xml)) {
      file.push(encoder.encode(part));
      yield* ready;
      ready = [];
    }
    file.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* ready;
}

const encoder = new TextEncoder();

/** By Node's deflate a workbook takes half of the time that fflate's takes. Each part is a whole number of blocks, so they join to one stream. */
class DeflatedFile extends ZipPassThrough {
  override compression = DEFLATED;

  protected override process(part: Uint8Array, isLast: boolean): void {
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    this.ondata(null, deflateRawSync(part, { finishFlush }), isLast);
  }
}

/** APPNOTE.TXT of PKZIP, section 4.4.5. */
const DEFLATED = 8;

interface Contents {
  tables: RowSource[];
  pages: Page[];
  names: string[];
  elsewhere: string[];
  limits: SheetLimits;
}

type Xml = Iterable<string> | AsyncIterable<string>;

/** The files in the workbook. */
function partsOf({ tables, pages, names, elsewhere, limits }: Contents): [path: string, xml: Xml][] {
  return [
    ['[Content_Types].xml', [contentTypes(names.length)]],
    ['_rels/.rels', [packageRelations()]],
    ['xl/workbook.xml', [workbook(names, pages)]],
    ['xl/_rels/workbook.xml.rels', [workbookRelations(names.length)]],
    ['xl/styles.xml', [styles()]],
    ['xl/worksheets/sheet1.xml', readmeSheet(readmeLines(tables, pages, names.slice(1), elsewhere))],
    ...pages.map((page, n): [string, Xml] => [`xl/worksheets/sheet${n + 2}.xml`, sheetXml(page, limits)]),
  ];
}

/** The first that ZIP knows. */
const FIRST_MOMENT = new Date(1980, 0, 1);
const PART_CHARACTERS = 2 ** 18;

/** Fewer and longer texts. */
async function* joined(texts: Xml): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length < PART_CHARACTERS) continue;
    yield parts.join('');
    parts = [];
    length = 0;
  }
  yield parts.join('');
}
