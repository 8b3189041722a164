import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataDictionary, dictionaryTable } from '#lib/tables/dictionary.ts';
import { column } from '#lib/tables/table.ts';
import { validateTable } from '#lib/tables/validate.ts';

const tables = [
  { name: 'qc', key: ['code'], columns: [column('code', 'string', 'What was found.')] },
  { name: 'dvh_metrics', key: [], columns: [column('Mean[Gy]', 'double', 'Mean dose.', 'Gy', 'ICRU 83')] },
];

test('the data dictionary explains every column of every table, ordered by table', () => {
  assert.deepEqual(dataDictionary(tables), [
    {
      table: 'dvh_metrics',
      column: 'Mean[Gy]',
      key: false,
      type: 'double',
      unit: 'Gy',
      meaning: 'Mean dose.',
      source: 'ICRU 83',
    },
    { table: 'qc', column: 'code', key: true, type: 'string', unit: '', meaning: 'What was found.', source: '' },
  ]);
});

test('the data dictionary is a valid table', () => {
  const table = dictionaryTable(tables);
  validateTable(table);
  assert.equal(table.rows.length, 2);
});
