import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_METRICS } from '#lib/dvh/metrics/default-metrics.ts';
import { parseMetric } from '#lib/dvh/metrics/metric-name.ts';
import { BadConfig } from '#lib/errors.ts';

const CANONICAL: [written: string, name: string][] = [
  ['Volume[cc]', 'Volume[cc]'],
  ['volume', 'Volume[cc]'],
  ['Mean[Gy]', 'Mean[Gy]'],
  ['Dmean', 'Mean[Gy]'],
  ['Dmax[%]', 'Max[%]'],
  ['Minimum', 'Min[Gy]'],
  ['D95%', 'D95%[Gy]'],
  ['D95%[%]', 'D95%[%]'],
  ['D0.03cc[Gy]', 'D0.03cc[Gy]'],
  ['D 2 cm3', 'D2cc[Gy]'],
  ['DC90%', 'DC90%[Gy]'],
  ['V20Gy', 'V20Gy[%]'],
  ['V20Gy[cc]', 'V20Gy[cc]'],
  ['V47.5Gy[%]', 'V47.5Gy[%]'],
  ['V95%', 'V95%[%]'],
  ['CV20Gy[cc]', 'CV20Gy[cc]'],
  ['HI', 'HI'],
  ['ci_paddick', 'CI_Paddick'],
  ['IntegralDose[Gy*cc]', 'IntegralDose[Gy*cc]'],
  ['gEUD', 'gEUD[Gy]'],
  ['gEUD(-10)[Gy]', 'gEUD(-10)[Gy]'],
  ['EQD2_D95%', 'EQD2_D95%[Gy]'],
  ['bed_Mean', 'BED_Mean[Gy]'],
];

for (const [written, name] of CANONICAL)
  test(`${written} is read as ${name}`, () => {
    assert.equal(parseMetric(written).name, name);
  });

for (const written of [
  'D95',
  'V20',
  'D105%',
  'Dcc',
  'V20Gy[Gy]',
  'D2cc[cc]',
  'Quux',
  '',
  'gEUD(0)',
  'EQD2_Volume',
  'D-5%',
])
  test(`"${written}" is not a metric`, () => {
    assert.throws(() => parseMetric(written), BadConfig);
  });

test('the default metrics have valid, unique names in steps of 5 Gy up to 100 Gy', () => {
  const names = DEFAULT_METRICS;
  assert.deepEqual(
    names.map((name) => parseMetric(name).name),
    names,
  );
  assert.equal(new Set(names).size, names.length);
  const doses = names.flatMap((name) => /^V(\d+)Gy\[cc\]$/.exec(name)?.[1] ?? []).map(Number);
  assert.deepEqual(
    doses,
    Array.from({ length: 20 }, (_, n) => 5 * (n + 1)),
  );
});
