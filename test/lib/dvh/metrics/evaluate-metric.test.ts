import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dvh } from '#lib/dvh/metrics/dvh.ts';
import { evaluateMetric } from '#lib/dvh/metrics/evaluate-metric.ts';
import type { MetricContext } from '#lib/dvh/metrics/metric-context.ts';
import { parseMetric } from '#lib/dvh/metrics/metric-name.ts';
import { bedGy, eqd2Gy, gEudGy } from '#lib/dvh/metrics/radiobiology.ts';

/** 10 cc with every dose from 20 to 60 Gy in equal parts. */
const even: Dvh = {
  volumeCc: 10,
  coverage: 1,
  minGy: 20,
  meanGy: 40,
  maxGy: 60,
  curve: {
    doseGy: Float64Array.from({ length: 401 }, (_, n) => 20 + n / 10),
    volumeCc: Float64Array.from({ length: 401 }, (_, n) => 10 - n / 40),
  },
  samples: 1,
  stepMm: 1,
};

const context: MetricContext = {
  prescriptionGy: 50,
  fractions: 25,
  alphaBetaGy: 3,
  geudA: 1,
  isodoseCc: (gy) => (gy === 50 ? 4 : 12),
};

// By hand from the straight line V(d) = 10 cc (60 - d) / 40.
const VALUES: [metric: string, value: number][] = [
  ['Volume[cc]', 10],
  ['Min[Gy]', 20],
  ['Mean[Gy]', 40],
  ['Median[Gy]', 40],
  ['Max[Gy]', 60],
  ['Max[%]', 120],
  ['D98%[Gy]', 20.8],
  ['D95%[Gy]', 22],
  ['D95%[%]', 44],
  ['D2%[Gy]', 59.2],
  ['D0.03cc[Gy]', 59.88],
  ['D5cc[Gy]', 40],
  ['DC10%[Gy]', 24],
  ['DC1cc[Gy]', 24],
  ['V20Gy[%]', 100],
  ['V30Gy[%]', 75],
  ['V30Gy[cc]', 7.5],
  ['CV30Gy[cc]', 2.5],
  ['V60Gy[%]', 0],
  ['V70Gy[%]', 0],
  ['V100%[%]', 25],
  ['V95%[cc]', 3.125],
  ['HI', (59.2 - 20.8) / 40],
  ['CI_RTOG', 4 / 10],
  ['CI_Paddick', 2.5 ** 2 / (10 * 4)],
  ['GI', 12 / 4],
  ['IntegralDose[Gy*cc]', 400],
  ['gEUD[Gy]', 40],
  ['EQD2_Median[Gy]', (40 * (1 + 1.6 / 3)) / (1 + 2 / 3)],
  ['BED_D95%[Gy]', 22 * (1 + 0.88 / 3)],
  ['BED_Max[Gy]', 60 * (1 + 2.4 / 3)],
];

for (const [name, value] of VALUES)
  test(`${name} of evenly spread doses is ${value}`, () => {
    assert.ok(Math.abs(evaluateMetric(parseMetric(name), even, context) - value) < 1e-9 * Math.max(1, value));
  });

test('mean EQD2 averages the EQD2 of each dose, not the mean dose', () => {
  // Integral of d (1 + d / 75) / (5 / 3) over 20 ... 60, by 40.
  const exact = ((60 ** 2 - 20 ** 2) / 2 + (60 ** 3 - 20 ** 3) / 225) / 40 / (5 / 3);
  assert.ok(Math.abs(evaluateMetric(parseMetric('EQD2_Mean[Gy]'), even, context) - exact) < 1e-3);
});

for (const [name, needs] of [
  ['D20cc[Gy]', 'more volume than there is'],
  ['V95%[%]', 'a prescription'],
  ['D95%[%]', 'a prescription'],
  ['CI_Paddick', 'a prescription'],
  ['GI', 'a prescription'],
  ['EQD2_Mean[Gy]', 'fractions and alpha/beta'],
  ['gEUD[Gy]', 'an exponent'],
])
  test(`${name} has no value without ${needs}`, () => {
    assert.ok(Number.isNaN(evaluateMetric(parseMetric(name), even, {})));
  });

test('gEUD of two halves follows Niemierko from coldest to hottest', () => {
  const curve = { doseGy: Float64Array.of(10, 10.000001, 30, 30.000001), volumeCc: Float64Array.of(8, 4, 4, 0) };
  for (const a of [-10, -1, 1, 2, 8]) {
    const exact = (0.5 * 10 ** a + 0.5 * 30 ** a) ** (1 / a);
    assert.ok(Math.abs(gEudGy(curve, a) - exact) < 1e-4, `a = ${a}`);
  }
  assert.ok(Math.abs(gEudGy(curve, 300) - 30) < 0.1);
});

test('BED and EQD2 of 60 Gy in 30 and in 15 fractions follow the formula for alpha/beta 10 Gy', () => {
  assert.ok(Math.abs(bedGy(60, 30, 10) - 72) < 1e-12);
  assert.ok(Math.abs(eqd2Gy(60, 30, 10) - 60) < 1e-12);
  assert.ok(Math.abs(eqd2Gy(60, 15, 10) - 70) < 1e-12);
});
