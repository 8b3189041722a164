import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import { allOf } from '#lib/all-of.ts';
import { DESCRIBED, MEASURED, queryForm } from '#lib/tables/query-form.ts';
import { queryParquetPieces } from '#lib/tables/query-parquet.ts';
import { sourceOf } from '#lib/tables/row-source.ts';
import { column, type Table } from '#lib/tables/table.ts';

const TABLE: Table = {
  name: 'dvh_metrics',
  key: ['roi_number'],
  columns: [
    column('roi_number', 'int', 'Number.'),
    column('course_start_date', 'timestamp', 'Start.'),
    column('D95%[Gy]', 'double', 'Dose.', 'Gy'),
    column('Voxels', 'int', 'Voxels.'),
    column('diagnostics_Image-original_Size', 'string', 'Size.'),
  ],
  rows: [
    {
      roi_number: 1,
      course_start_date: '2020-02-29',
      'D95%[Gy]': 49.5,
      Voxels: 12,
      'diagnostics_Image-original_Size': '(1, 2)',
    },
    { roi_number: 2, 'D95%[Gy]': Number.NaN },
  ],
};

async function written(isOpen: boolean) {
  const pieces = await allOf(
    queryParquetPieces(
      TABLE,
      queryForm(TABLE, isOpen ? (name) => /[A-Z]/.test(name) : undefined),
      sourceOf(TABLE).batches(),
    ),
  );
  return parquetReadObjects({ file: new Uint8Array(Buffer.concat(pieces)).buffer });
}

test('a closed table keeps its columns under names that Athena supports', async () => {
  const { columns } = queryForm({
    name: 'dvh_curves',
    columns: ['dose[Gy]', 'volume[%]', 'differential[cc/Gy]'].map((n) => column(n, 'double', '')),
  });
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['dose_gy', 'volume_percent', 'differential_cc_per_gy'],
  );
  const [first] = await written(false);
  assert.equal(first.d95percent_gy, 49.5);
});

test('an open table has an entry for every column of the run, null where there is no value', async () => {
  const [first, second] = await written(true);
  assert.deepEqual(Object.keys(first), ['roi_number', 'course_start_date', MEASURED, DESCRIBED]);
  assert.deepEqual(first[MEASURED], { 'D95%[Gy]': 49.5, Voxels: 12 });
  assert.deepEqual(first[DESCRIBED], { 'diagnostics_Image-original_Size': '(1, 2)' });
  assert.deepEqual(first.course_start_date, new Date('2020-02-29'));
  assert.deepEqual(second[MEASURED], { 'D95%[Gy]': null, Voxels: null });
});

test('two columns that would have one name are refused', () => {
  const columns = ['volume[cc]', 'volume_cc'].map((name) => column(name, 'double', ''));
  assert.throws(() => queryForm({ name: 'any', columns }), /two columns of any would have the name volume_cc/);
});
