import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandPoints, uncertaintyAt } from '#lib/report/uncertainty.ts';

/** A straight curve from 100 % at 0 Gy to 0 % at 50 Gy. */
const CURVE = {
  doseGy: [0, 10, 30, 50],
  volumePct: [100, 80, 40, 0],
  spread: [
    { volumePct: 95, uncertaintyGy: 0.1 },
    { volumePct: 45, uncertaintyGy: 0.6 },
  ],
};

test('uncertainty is interpolated between known volumes and unknown beyond them', () => {
  assert.equal(uncertaintyAt(CURVE, 95), 0.1);
  assert.equal(uncertaintyAt(CURVE, 45), 0.6);
  assert.ok(Math.abs(uncertaintyAt(CURVE, 70)! - 0.35) < 1e-12);
  assert.equal(uncertaintyAt(CURVE, 96), undefined);
  assert.equal(uncertaintyAt(CURVE, 44), undefined);
});

test('the band follows the curve between the first and the last volume with a known uncertainty', () => {
  const band = bandPoints(CURVE);
  assert.deepEqual(
    band.map(({ volumePct }) => volumePct),
    [95, 80, 45],
  );
  // The dose at 80 % is 10 Gy; 0.25 Gy is three tenths of the way from 0.1 to 0.6 Gy.
  assert.ok(Math.abs(band[1].lowGy - 9.75) < 1e-12 && Math.abs(band[1].highGy - 10.25) < 1e-12);
  assert.deepEqual(bandPoints({ ...CURVE, spread: [] }), []);
});
