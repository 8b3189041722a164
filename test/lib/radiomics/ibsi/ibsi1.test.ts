import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absent } from '#test/fixtures/shared.ts';
import { ctPhantom } from '../reference-images.ts';
import { compareIbsi1, table } from './compliance.ts';
import { IBSI1 } from './configurations.ts';
import { DIGITAL_PHANTOM } from './digital-phantom.ts';

const ct = ctPhantom();
const ABSENT = String(absent('data/ibsi-ct-phantom'));
/** Values with consensus in the published table. */
const PUBLISHED: Record<string, number> = { digital_phantom: 482, A: 406, B: 406, C: 270, D: 270, E: 270 };

for (const config of Object.keys(IBSI1)) {
  const phantom = config === 'digital_phantom' ? DIGITAL_PHANTOM : ct;
  test(`IBSI 1, ${config}: every consensus value is within its published tolerance`, {
    skip: !phantom && ABSENT,
  }, (t) => {
    const rows = compareIbsi1(config, phantom!);
    const missing = rows.filter(({ ours }) => ours === undefined);
    assert.equal(missing.length, 0, `features that are not computed:\n${table(missing)}`);
    const judged = rows.filter(({ verdict }) => verdict !== 'no consensus');
    const outside = judged.filter(({ verdict }) => verdict === 'outside');
    assert.equal(outside.length, 0, `outside the tolerance:\n${table(outside)}\n\nall:\n${table(rows)}`);
    assert.equal(judged.length, PUBLISHED[config]);
    t.diagnostic(`IBSI 1 ${config}: ${judged.length} of ${judged.length} values with consensus inside`);
  });
}
