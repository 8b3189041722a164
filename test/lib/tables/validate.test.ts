import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineError } from '#lib/errors.ts';
import { type ColumnType, column, type Row } from '#lib/tables/table.ts';
import { validateTable } from '#lib/tables/validate.ts';

test('a cell without a column is an error that names table, row and cell', () => {
  const rows: Row[] = [{ code: 'A' }, { kode: 'B' }];
  const table = { name: 'qc', key: ['code'], columns: [column('code', 'string', 'C.')], rows };
  assert.throws(() => validateTable(table), /table qc, row 1: no column is named kode/);
});

test('a key outside the columns is an error', () => {
  const table = { name: 't', key: ['b'], columns: [column('a', 'int', 'A.')], rows: [] };
  assert.throws(() => validateTable(table), /table t has no column b, which is in its key/);
});

test('two columns of one name are an error', () => {
  const columns = [column('a', 'int', 'A.'), column('a', 'string', 'A.')];
  assert.throws(() => validateTable({ name: 't', key: [], columns, rows: [] }), PipelineError);
});

const cases: [ColumnType, unknown, boolean][] = [
  ['string', 'x', true],
  ['string', 1, false],
  ['double', Number.POSITIVE_INFINITY, true],
  ['double', '1', false],
  ['int', 3, true],
  ['int', 3.5, false],
  ['int', 2 ** 53, false],
  ['boolean', false, true],
  ['boolean', 0, false],
  ['timestamp', '2024-02-29', true],
  ['timestamp', '2024-03-01T10:20:30Z', true],
  ['timestamp', '20240301', false],
  ['timestamp', '2024-13-01', false],
  ['double', null, true],
  ['int', Number.NaN, true],
  ['string', undefined, true],
];
for (const [type, cell, fits] of cases) {
  test(`${JSON.stringify(cell) ?? 'an absent cell'} ${fits ? 'fits' : 'does not fit'} a column of type ${type}`, () => {
    const table = { name: 't', key: [], columns: [column('a', type, 'A.')], rows: [{ a: cell as never }] };
    if (fits) validateTable(table);
    else assert.throws(() => validateTable(table), /table t, row 0: a holds a (string|number)/);
  });
}

test('the error hides the value, which may identify a patient', () => {
  const table = { name: 't', key: [], columns: [column('n', 'int', 'N.')], rows: [{ n: 'DOE^JOHN' }] };
  assert.throws(
    () => validateTable(table),
    (error: Error) => !error.message.includes('DOE'),
  );
});
