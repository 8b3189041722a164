import assert from 'node:assert/strict';
import { test } from 'node:test';
import { column, type Table } from '#lib/tables/table.ts';
import { toXlsx, XLSX_LIMITS } from '#lib/tables/xlsx.ts';
import { EXAMPLE_TABLE } from '#test/fixtures/example-table.ts';
import { unzip } from '#test/fixtures/unzip.ts';

const decoder = new TextDecoder();

function sheetNamesOf(xlsx: Uint8Array): string[] {
  const workbook = decoder.decode(unzip(xlsx).get('xl/workbook.xml'));
  return [...workbook.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map((match) => match[1]);
}

function sheetXml(xlsx: Uint8Array, name: string): string {
  return decoder.decode(unzip(xlsx).get(`xl/worksheets/sheet${sheetNamesOf(xlsx).indexOf(name) + 1}.xml`));
}

test('a workbook holds the contents, one sheet for each table with a frozen header', async () => {
  const xlsx = await toXlsx([
    EXAMPLE_TABLE,
    { name: 'qc', key: [], columns: [column('code', 'string', 'C.')], rows: [] },
  ]);
  assert.deepEqual(sheetNamesOf(xlsx), ['contents', 'dvh_metrics', 'qc']);
  const sheet = sheetXml(xlsx, 'dvh_metrics');
  assert.match(sheet, /<pane ySplit="1" [^>]*state="frozen"/);
  assert.match(sheet, /<v>0\.30000000000000004<\/v>/);
  assert.equal([...sheet.matchAll(/<row /g)].length, 4);
});

test('the same tables give the same bytes at any time', async (t) => {
  const first = await toXlsx([EXAMPLE_TABLE]);
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2031, 6, 1, 12) });
  assert.deepEqual(await toXlsx([EXAMPLE_TABLE]), first);
});

test('a table beyond the limits of a sheet goes on in further sheets, with the key repeated', async () => {
  const limits = { ...XLSX_LIMITS, rows: 3, columns: 4 };
  const xlsx = await toXlsx([{ ...EXAMPLE_TABLE, name: 'radiomics' }], limits);
  const pages = sheetNamesOf(xlsx).filter((name) => name.startsWith('radiomics'));
  assert.deepEqual(pages, ['radiomics', ...[2, 3, 4, 5, 6].map((n) => `radiomics (${n})`)]);
  assert.equal([...sheetXml(xlsx, 'radiomics (2)').matchAll(/<row /g)].length, 2);
  assert.equal([...sheetXml(xlsx, 'radiomics (3)').matchAll(/<c r="[A-D]1"/g)].length, 4);
});

test('a table too large for a spreadsheet is left out and the contents say so', async () => {
  const xlsx = await toXlsx([EXAMPLE_TABLE], { ...XLSX_LIMITS, cells: 20 });
  assert.deepEqual(sheetNamesOf(xlsx), ['contents']);
  const strings = decoder.decode(unzip(xlsx).get('xl/sharedStrings.xml'));
  assert.match(strings, /too large for Excel: read dvh_metrics\.parquet/);
});

test('sheet names keep to the rules of Excel and stay different', async () => {
  const long = 'radiomics_of_a_very_long_name_indeed';
  const names = [long, `${long}_2`, 'a/b:c', 'A_B_C'];
  const tables: Table[] = names.map((name) => ({ name, key: ['x'], columns: [column('x', 'int', 'X.')], rows: [] }));
  const found = sheetNamesOf(await toXlsx(tables));
  assert.deepEqual(found.slice(1), [
    'radiomics_of_a_very_long_name_i',
    'radiomics_of_a_very_long_na (2)',
    'a_b_c',
    'A_B_C (2)',
  ]);
});
