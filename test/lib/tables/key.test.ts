import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatedKeys } from '#lib/tables/key.ts';
import type { Row } from '#lib/tables/table.ts';

const key = ['course', 'number'];

const CASES: [string, Row[], number][] = [
  ['no rows', [], 0],
  ['rows that differ in one cell of the key', [row('a', 1), row('a', 2), row('b', 1)], 0],
  ['rows that agree in the key and differ elsewhere', [row('a', 1, 5), row('a', 1, 6), row('a', 2, 5)], 1],
  ['no value, whether null, NaN or absent', [row('a', null), row('a', Number.NaN), { course: 'a' }], 2],
  ['a number and the same digits as text', [{ course: '1' }, { course: 1 }], 0],
];
for (const [what, rows, expected] of CASES) {
  test(`${what}: ${expected} repeated keys`, () => {
    assert.equal(repeatedKeys({ key, rows }), expected);
  });
}

function row(course: string, number: number | null, value = 0): Row {
  return { course, number, value };
}
