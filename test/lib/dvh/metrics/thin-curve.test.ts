import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DvhCurve, volumeAtDoseCc } from '#lib/dvh/metrics/curve.ts';
import { thinCurve } from '#lib/dvh/metrics/thin-curve.ts';
import { seededRandom } from '#lib/random.ts';
import { circle, doseOn, gridAround, measure, planes, roiOf } from '../../../fixtures/dvh-phantom.ts';

const dose = doseOn(gridAround(20, 2.5), ([x, y, z]) => 60 * Math.exp(-(x * x + y * y + 2 * z * z) / 300));
const CURVES: Record<string, DvhCurve> = {
  'a measured ROI': measure(
    roiOf(planes(-12, 12, 3), () => [circle(12)]),
    dose,
  ).fine.curve,
  'a target with a steep edge': steps((d) => 1 / (1 + Math.exp((d - 60) * 20))),
  'a staircase': steps((d) => 1 - Math.floor(d / 7) / 10),
  noise: noisy(),
};

for (const [name, curve] of Object.entries(CURVES)) {
  test(`${name}: thinning the curve costs at most 0.05 % of the volume or 0.01 Gy`, () => {
    const thin = thinCurve(curve);
    const tolerance = 0.0005 * curve.volumeCc[0];
    for (let n = 0; n < curve.doseGy.length; n++) {
      const volume = volumeAtDoseCc(thin, curve.doseGy[n]);
      const least = volumeAtDoseCc(curve, curve.doseGy[n] + 0.01) - tolerance;
      const most = volumeAtDoseCc(curve, curve.doseGy[n] - 0.01) + tolerance;
      const nearVolume = Math.abs(volume - curve.volumeCc[n]) <= tolerance;
      assert.ok(nearVolume || (volume >= least + tolerance && volume <= most - tolerance), `at ${curve.doseGy[n]} Gy`);
    }
    assert.equal(thin.doseGy[0], curve.doseGy[0]);
    assert.equal(thin.doseGy.at(-1), curve.doseGy.at(-1));
    assert.ok(thin.doseGy.length < curve.doseGy.length / 5 || name === 'noise', `${thin.doseGy.length} points`);
  });
}

function steps(part: (doseGy: number) => number): DvhCurve {
  const doseGy = Float64Array.from({ length: 7001 }, (_, n) => n / 100);
  return { doseGy, volumeCc: doseGy.map((d) => 300 * part(d)) };
}

function noisy(): DvhCurve {
  const random = seededRandom(1);
  const doseGy = Float64Array.from({ length: 3001 }, (_, n) => n / 50);
  const volumeCc = new Float64Array(doseGy.length);
  for (let n = doseGy.length - 2; n >= 0; n--) volumeCc[n] = volumeCc[n + 1] + random() ** 4;
  return { doseGy, volumeCc };
}
