import assert from 'node:assert/strict';
import { test } from 'node:test';
import { column, type Table } from '#lib/tables/table.ts';
import { XLSX_LIMITS } from '#lib/tables/xlsx.ts';
import { EXAMPLE_TABLE } from '#test/fixtures/example-table.ts';
import { unzip } from '#test/fixtures/unzip.ts';
import { workbookOf } from '#test/fixtures/workbook.ts';

const decoder = new TextDecoder();

function sheetNamesOf(xlsx: Uint8Array): string[] {
  const workbook = decoder.decode(unzip(xlsx).get('xl/workbook.xml'));
  return [...workbook.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map((match) => match[1]);
}

function sheetXml(xlsx: Uint8Array, name: string): string {
  return decoder.decode(unzip(xlsx).get(`xl/worksheets/sheet${sheetNamesOf(xlsx).indexOf(name) + 1}.xml`));
}

test('a workbook has a contents sheet and one sheet per table with a frozen header', async () => {
  const xlsx = await workbookOf([
    EXAMPLE_TABLE,
    { name: 'qc', key: [], columns: [column('code', 'string', 'C.')], rows: [] },
  ]);
  assert.deepEqual(sheetNamesOf(xlsx), ['README', 'dvh_metrics', 'qc']);
  const sheet = sheetXml(xlsx, 'dvh_metrics');
  assert.match(sheet, /<pane xSplit="2" ySplit="2" topLeftCell="C3" [^>]*state="frozen"/);
  assert.match(sheet, /<autoFilter ref="A2:G5"\/>/);
  assert.match(sheet, /<c r="C2" s="2" t="inlineStr"><is><t xml:space="preserve">Gy</);
  assert.match(sheet, /<v>0\.30000000000000004<\/v>/);
  assert.equal([...sheet.matchAll(/<row /g)].length, 5);
});

test('the same tables give the same bytes at any time', async (t) => {
  const first = await workbookOf([EXAMPLE_TABLE]);
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2031, 6, 1, 12) });
  assert.deepEqual(await workbookOf([EXAMPLE_TABLE]), first);
});

test('a table beyond the limits of a sheet continues in further sheets, with the key repeated', async () => {
  const limits = { ...XLSX_LIMITS, rows: 4, columns: 4 };
  const xlsx = await workbookOf([{ ...EXAMPLE_TABLE, name: 'radiomics' }], [], limits);
  const pages = sheetNamesOf(xlsx).filter((name) => name.startsWith('radiomics'));
  assert.deepEqual(pages, ['radiomics', ...[2, 3, 4, 5, 6].map((n) => `radiomics (${n})`)]);
  assert.equal([...sheetXml(xlsx, 'radiomics (2)').matchAll(/<row /g)].length, 3);
  assert.equal([...sheetXml(xlsx, 'radiomics (3)').matchAll(/<c r="[A-D]1"/g)].length, 4);
});

test('the README lists every table, and those in other files only', async () => {
  const readme = sheetXml(await workbookOf([EXAMPLE_TABLE], ['dvh_curves']), 'README');
  assert.match(readme, />dvh_metrics<.*>patient_id, roi_number</);
  assert.match(readme, />not in this workbook: read dvh_curves\.parquet</);
});

test("dates use Excel's calendar, and times and numbers have formats", async () => {
  const columns = [
    column('plan_date', 'string', 'D.'),
    column('seen_at', 'timestamp', 'T.'),
    column('dose', 'double', 'G.'),
    column('update', 'string', 'no date'),
  ];
  const rows = [
    { plan_date: '2024-03-01', seen_at: '2024-03-01T12:00:00', dose: 1.5, update: '2024-03-01' },
    { plan_date: '1899-01-01', seen_at: '2024-03-01T12:00:00+02:00', dose: 1e-9, update: '' },
    { plan_date: '2024-02-30', seen_at: null, dose: 0, update: '' },
  ];
  const sheet = sheetXml(await workbookOf([{ name: 'dates', key: [], columns, rows }]), 'dates');
  // 45352 is 1 March 2024: 45292 is 1 January 2024 in Excel.
  assert.match(sheet, /<c r="A3" s="6"><v>45352<\/v>/);
  assert.match(sheet, /<c r="B3" s="7"><v>45352\.5<\/v>/);
  assert.match(sheet, /<c r="C3" s="4"><v>1\.5<\/v>.*<c r="C4" s="5"><v>1e-9<\/v>/s);
  assert.deepEqual([...sheet.matchAll(/>(1899-01-01|2024-02-30|2024-03-01|2024-03-01T12:00:00\+02:00)</g)].length, 4);
});

test('sheet names follow the rules of Excel and stay distinct', async () => {
  const long = 'radiomics_of_a_very_long_name_indeed';
  const names = [long, `${long}_2`, 'a/b:c', 'A_B_C'];
  const tables: Table[] = names.map((name) => ({ name, key: ['x'], columns: [column('x', 'int', 'X.')], rows: [] }));
  const found = sheetNamesOf(await workbookOf(tables));
  assert.deepEqual(found.slice(1), [
    'radiomics_of_a_very_long_name_i',
    'radiomics_of_a_very_long_na (2)',
    'a_b_c',
    'A_B_C (2)',
  ]);
});
