import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { BadInput } from '#lib/errors.ts';
import { createParquet, fromParquet, toParquet } from '#lib/tables/parquet.ts';
import { column, type Table } from '#lib/tables/table.ts';
import { EXAMPLE_TABLE } from '#test/fixtures/example-table.ts';

test('a table survives Parquet, with null for missing values', async () => {
  const back = await fromParquet(toParquet(EXAMPLE_TABLE));
  assert.equal(back.name, EXAMPLE_TABLE.name);
  assert.deepEqual(back.key, EXAMPLE_TABLE.key);
  assert.deepEqual(back.columns, EXAMPLE_TABLE.columns);
  const none = { 'V20Gy[%]': null, remark: null };
  assert.deepEqual(back.rows, [
    { ...EXAMPLE_TABLE.rows[0], ...none },
    { ...EXAMPLE_TABLE.rows[1], ...none, planned_at: null },
    { ...EXAMPLE_TABLE.rows[2], ...none, 'D0.03cc[Gy]': null },
  ]);
});

test('any reader sees the physical types, without our metadata', async () => {
  const file = toParquet(EXAMPLE_TABLE).slice().buffer;
  const children = parquetSchema(parquetMetadata(file)).children.map(({ element }) => [element.name, element.type]);
  assert.deepEqual(children, [
    ['patient_id', 'BYTE_ARRAY'],
    ['roi_number', 'INT64'],
    ['D0.03cc[Gy]', 'DOUBLE'],
    ['V20Gy[%]', 'DOUBLE'],
    ['cropped', 'BOOLEAN'],
    ['planned_at', 'INT64'],
    ['remark', 'BYTE_ARRAY'],
  ]);
  const [row] = await parquetReadObjects({ file });
  assert.equal(row.planned_at.getTime(), Date.UTC(2024, 2, 1, 10, 20, 30));
});

test('a table without rows keeps its columns', async () => {
  const empty: Table = { ...EXAMPLE_TABLE, rows: [] };
  assert.deepEqual(await fromParquet(toParquet(empty)), empty);
});

test('the bytes do not depend on how the rows were batched', () => {
  const columns = [column('n', 'int', 'Counts.'), column('text', 'string', 'Repeats.')];
  const rows = Array.from({ length: 230_000 }, (_, n) => ({ n, text: `roi ${n % 7}` }));
  const head = { name: 't', key: ['n'], columns };
  const cut = createParquet(head);
  for (let start = 0; start < rows.length; start += 37_000) cut.append(rows.slice(start, start + 37_000));
  assert.deepEqual(cut.finish(), toParquet({ ...head, rows }));
});

test('doubles that differ are written as they are, others with a dictionary; both read back the same', async () => {
  const columns = [
    column('n', 'int', 'Counts.'),
    ...['varied', 'gaps', 'few'].map((name) => column(name, 'double', '')),
  ];
  const rows = Array.from({ length: 500 }, (_, n) => ({
    n,
    varied: n === 3 ? -0 : Math.sqrt(n + 0.5),
    gaps: n % 3 === 0 ? null : 1 / (n + 0.5),
    few: n % 5 === 0 ? null : n % 4,
  }));
  const file = toParquet({ name: 't', key: ['n'], columns, rows });
  const [{ columns: chunks }] = parquetMetadata(file.slice().buffer).row_groups;
  const forms = chunks.map(({ meta_data }) => [meta_data?.path_in_schema[0], meta_data?.codec, meta_data?.encodings]);
  assert.deepEqual(forms.slice(1), [
    ['varied', 'UNCOMPRESSED', ['PLAIN']],
    ['gaps', 'UNCOMPRESSED', ['PLAIN']],
    ['few', 'SNAPPY', ['PLAIN', 'RLE_DICTIONARY']],
  ]);
  assert.deepEqual((await fromParquet(file)).rows, rows);
});

test('a timestamp with a zone is converted to UTC, one without is unchanged', async () => {
  const table: Table = {
    name: 't',
    key: ['at'],
    columns: [column('at', 'timestamp', 'A moment.')],
    rows: [{ at: '2024-03-01T10:20:30.25+02:00' }, { at: '2024-03-01' }, { at: '2024-03-01T23:59' }],
  };
  const back = await fromParquet(toParquet(table));
  assert.deepEqual(
    back.rows.map((row) => row.at),
    ['2024-03-01T08:20:30.250', '2024-03-01T00:00:00', '2024-03-01T23:59:00'],
  );
});

test('a file is read from a part of a larger buffer', async () => {
  const table = { name: 't', key: ['n'], columns: [column('n', 'int', '', '')], rows: [{ n: 7 }] };
  const bytes = toParquet(table);
  const larger = Buffer.concat([Buffer.alloc(100), bytes, Buffer.alloc(100)]);
  assert.deepEqual(await fromParquet(larger.subarray(100, 100 + bytes.length)), table);
});

test('a file without column names is refused', async () => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const foreign = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', data: [1], type: 'INT32' }] }));
  await assert.rejects(fromParquet(foreign), BadInput);
});
