import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isodoseCurve } from '#lib/dvh/isodose.ts';
import { IDENTITY, type Vec3 } from '#lib/math/vec3.ts';
import { doseOn } from '../../fixtures/dvh-phantom.ts';

const GRID = {
  size: [14, 11, 9] as Vec3,
  originMm: [5, -20, 40] as Vec3,
  spacingMm: [2, 3, 4] as Vec3,
  direction: IDENTITY,
};
/** Boxes of dose points that get 10 Gy; all others get none. */
const BOXES: [low: Vec3, high: Vec3][] = [
  [
    [1, 2, 3],
    [9, 4, 5],
  ],
  [
    [3, 1, 1],
    [5, 9, 6],
  ],
  [
    [6, 5, 1],
    [7, 6, 7],
  ],
];

for (const [low, high] of BOXES)
  test(`the volume within an isodose does not depend on the box that is looked at: ${low} to ${high}`, () => {
    const dose = doseOn(GRID, (point) => {
      const at = point.map((mm, axis) => Math.round((mm - GRID.originMm[axis]) / GRID.spacingMm[axis]));
      return at.every((n, axis) => n >= low[axis] && n <= high[axis]) ? 10 : 0;
    });
    const [fromFive, ofAll] = [isodoseCurve(dose, 5)(7), isodoseCurve(dose, 0)(7)];
    assert.ok(Math.abs(fromFive / ofAll - 1) < 0.01, `${fromFive} of ${ofAll} cc`);
    // Between a point of 10 Gy and one of none 7 Gy lies at 0.3 of the way: a box with nearly sharp edges.
    const sidesMm = low.map((from, axis) => (high[axis] - from + 0.6) * GRID.spacingMm[axis]);
    const boxCc = (sidesMm[0] * sidesMm[1] * sidesMm[2]) / 1000;
    assert.ok(fromFive < boxCc && fromFive > 0.85 * boxCc, `${fromFive} of ${boxCc} cc`);
  });

test('an isodose that leans through the grid is looked at from end to end', () => {
  const dose = doseOn(GRID, (point) => {
    const [i, j, k] = point.map((mm, axis) => Math.round((mm - GRID.originMm[axis]) / GRID.spacingMm[axis]));
    return i >= 1 && i < j && j >= k && k >= 1 && j <= 9 && k <= 7 ? 10 : 0;
  });
  const [fromFive, ofAll] = [isodoseCurve(dose, 5)(7), isodoseCurve(dose, 0)(7)];
  assert.ok(Math.abs(fromFive / ofAll - 1) < 0.01, `${fromFive} of ${ofAll} cc`);
});

test('a dose that nowhere reaches the isodose has no volume in it', () => {
  assert.equal(
    isodoseCurve(
      doseOn(GRID, () => 2),
      5,
    )(5),
    0,
  );
});
