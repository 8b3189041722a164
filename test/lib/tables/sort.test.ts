import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCells, sortRows } from '#lib/tables/sort.ts';
import { column } from '#lib/tables/table.ts';

test('missing values sort first, numbers by size, text by code units in any locale', () => {
  const ascending = (cells: Parameters<typeof compareCells>[0][]) => cells.toSorted(compareCells);
  assert.deepEqual(ascending([10, 9, null, -1, 2.5]), [null, -1, 2.5, 9, 10]);
  assert.deepEqual(ascending(['b', 'ä', 'a', 'B', null, 'a10', 'a9']), [null, 'B', 'a', 'a10', 'a9', 'b', 'ä']);
});

test('rows are sorted by the key columns, then by the other columns from the left', () => {
  const columns = [
    column('value', 'double', ''),
    column('roi_name', 'string', ''),
    column('patient_id', 'string', ''),
    column('note', 'string', ''),
  ];
  const rows = [
    { value: 2, roi_name: 'A', patient_id: 'P2', note: 'x' },
    { value: 1, roi_name: 'B', patient_id: 'P1', note: 'x' },
    { value: 3, roi_name: 'A', patient_id: 'P1', note: 'x' },
    { value: 2, roi_name: 'A', patient_id: 'P1', note: 'z' },
    { value: 2, roi_name: 'A', patient_id: 'P1', note: 'y' },
    { value: 1, roi_name: 'A', patient_id: 'P2', note: 'x' },
  ];
  const order = (from: typeof rows) =>
    sortRows({ name: 'example', key: ['patient_id', 'roi_name'], columns, rows: from }).rows.map(
      (row) => `${row.patient_id} ${row.roi_name} ${row.value} ${row.note}`,
    );
  const expected = ['P1 A 2 y', 'P1 A 2 z', 'P1 A 3 x', 'P1 B 1 x', 'P2 A 1 x', 'P2 A 2 x'];
  assert.deepEqual(order(rows), expected);
  assert.deepEqual(order(rows.toReversed()), expected);
});
