import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCell, formatCount, formatMinute, plural, splitUnit } from '#lib/report/format.ts';
import type { Cell } from '#lib/tables/table.ts';

const cells: [Cell | undefined, string, string][] = [
  [null, '', '–'],
  [undefined, 'Gy', '–'],
  [Number.NaN, '', '–'],
  [true, '', 'yes'],
  ['text', 'Gy', 'text'],
  [70, 'Gy', '70.00'],
  [-0.126, 'Gy', '−0.13'],
  [99.96, '%', '100.0'],
  [0.0654, 'cc', '0.065'],
  [12.345, 'cc', '12.35'],
  [152.8, 'cc', '152.8'],
  [512, '', '512'],
  [0.9765625, '', '0.9766'],
  [0.00001234, '', '1.23e−5'],
  [1441593.4, '', '1441593'],
  [12345678912, '', '12345678912'],
  [12345678912.5, '', '1.23e+10'],
  [Number.NEGATIVE_INFINITY, '', '−∞'],
];
for (const [cell, unit, text] of cells) {
  test(`the cell ${cell} [${unit}] is shown as ${text}`, () => assert.equal(formatCell(cell, unit), text));
}

test('a time is shown to the minute, other text as it is', () => {
  assert.equal(formatMinute('2024-05-06T07:08:09.123Z'), '2024-05-06 07:08 UTC');
  assert.equal(formatMinute('2024-05-06T07:08:09Z'), '2024-05-06 07:08 UTC');
  assert.equal(formatMinute('yesterday'), 'yesterday');
});

test('counts are grouped by thousands', () => {
  assert.equal(formatCount(1234567), '1\u2009234\u2009567');
  assert.equal(formatCount(999), '999');
  assert.equal(plural(1, 'course'), '1 course');
  assert.equal(plural(2000, 'course'), '2\u2009000 courses');
});

test('a column name is split into name and unit', () => {
  assert.deepEqual(splitUnit('D0.03cc[Gy]'), { name: 'D0.03cc', unit: 'Gy' });
  assert.deepEqual(splitUnit('V20Gy[%]'), { name: 'V20Gy', unit: '%' });
  assert.deepEqual(splitUnit('dose_coverage'), { name: 'dose_coverage', unit: '' });
});
