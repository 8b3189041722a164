import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differential, doseAt, volumeAt } from '#lib/report/curve.ts';

/** Half of the volume at 10 Gy, the other half between 10 and 20 Gy. */
const CURVE = { doseGy: [0, 10, 20], volumePct: [100, 50, 0] };

test('a curve is a straight line between its points, in both directions', () => {
  assert.deepEqual(
    [0, 5, 10, 15, 20, 30].map((gy) => volumeAt(CURVE, gy)),
    [100, 75, 50, 25, 0, 0],
  );
  assert.deepEqual(
    [100, 75, 50, 25, 0].map((pct) => doseAt(CURVE, pct)),
    [0, 5, 10, 15, 20],
  );
});

test('a volume beyond the curve has no dose', () => {
  const cut = { doseGy: [0, 10], volumePct: [80, 40] };
  assert.equal(doseAt(cut, 90), undefined);
  assert.equal(doseAt(cut, 10), undefined);
});

test('the differential curve adds up to the whole volume', () => {
  const parts = differential(CURVE);
  assert.deepEqual(parts, [
    { doseGy: 5, pctPerGy: 5 },
    { doseGy: 15, pctPerGy: 5 },
  ]);
  assert.equal(
    parts.reduce((sum, { pctPerGy }) => sum + 10 * pctPerGy, 0),
    100,
  );
});
