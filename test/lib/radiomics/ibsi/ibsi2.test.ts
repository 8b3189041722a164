import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absent } from '#test/fixtures/shared.ts';
import { ctPhantom } from '../reference-images.ts';
import { compareIbsi2, table } from './compliance.ts';

const ct = ctPhantom();
const ABSENT = String(absent('data/ibsi-ct-phantom'));
/** Values with consensus in the published table: the quartile coefficient of dispersion of 8.B has none. */
const PUBLISHED = { A: 162, B: 161 };

for (const letter of ['A', 'B'] as const) {
  test(`IBSI 2 phase 2, 1.${letter} to 9.${letter}: every consensus value is within its published tolerance`, {
    skip: !ct && ABSENT,
  }, (t) => {
    const rows = compareIbsi2(letter, ct!);
    const judged = rows.filter(({ verdict }) => verdict !== 'no consensus');
    const outside = judged.filter(({ verdict }) => verdict === 'outside');
    assert.equal(outside.length, 0, `outside the tolerance:\n${table(outside)}\n\nall:\n${table(rows)}`);
    assert.equal(judged.length, PUBLISHED[letter]);
    t.diagnostic(`IBSI 2 phase 2 ${letter}: ${judged.length} of ${judged.length} values with consensus inside`);
  });
}
