import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circle, doseOn, dPercent, gridAround, measure, planes, roiOf } from '#test/fixtures/dvh-phantom.ts';

const R = 10;
const THICK_MM = 0.2;

/**
 * A shell in a dose that falls by 40 Gy/mm. The dose of the hottest part p of a shell lies at the radius that parts its
 * area. A step of a third of the thickness keeps D95% and D5% within 0.2 Gy, which is 5 um; a step of the whole thickness
 * gives 0.4 Gy.
 */
test('a thin shell is sampled three times across its wall, so its cold and hot doses are right', () => {
  const doseAtMm = (r: number) => 50 / (1 + Math.exp((r - R + THICK_MM / 2) / 0.3));
  const inner2 = (R - THICK_MM) ** 2;
  const exactGy = (percent: number) => doseAtMm(Math.sqrt(inner2 + (percent / 100) * (R * R - inner2)));
  const roi = roiOf(planes(-2, 2, 1), () => [circle(R, [0, 0], 2000), circle(R - THICK_MM, [0, 0], 2000)]);
  const dose = doseOn(gridAround(R + 1, 0.15), (p) => doseAtMm(Math.hypot(p[0], p[1])));
  const { fine } = measure(roi, dose, { endCap: 'none' });
  for (const percent of [98, 95, 50, 5, 2]) {
    const error = dPercent(fine, percent) - exactGy(percent);
    assert.ok(Math.abs(error) < 0.2, `D${percent}%: ${error} Gy`);
  }
});
