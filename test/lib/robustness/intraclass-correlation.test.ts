import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Estimate,
  type IntraclassCorrelations,
  intraclassCorrelations,
} from '#lib/robustness/intraclass-correlation.ts';
import { meanSquares, type Ratings } from '#lib/robustness/variance-components.ts';

type Form = Exclude<keyof IntraclassCorrelations, 'flag'>;

/** Shrout & Fleiss 1979, table 2: 6 targets, 4 judges. */
const SHROUT_FLEISS = ratings([
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
]);

/** Table 4 of the paper prints the values with two digits; in full precision by its formulas, apart from this code. */
const SHROUT_FLEISS_FORMS: [Form, printed: number, value: number, low: number, high: number][] = [
  ['icc1', 0.17, 0.165741768405, -0.132932324875, 0.722560062328],
  ['icc2', 0.29, 0.289763779528, 0.018786513375, 0.761084369649],
  ['icc3', 0.71, 0.714840714841, 0.342464765034, 0.945858259955],
  ['icc1k', 0.44, 0.442797133679, -0.884442155238, 0.912415420341],
  ['icc2k', 0.62, 0.620050547599, 0.071136815303, 0.927232040168],
  ['icc3k', 0.91, 0.909315542377, 0.675674713816, 0.985891678169],
];

/** Pingouin 0.7.0, intraclass_corr of WAVES; its bounds are rounded to two digits. */
const PINGOUIN: [Form, value: number, low: number, high: number][] = [
  ['icc1', 0.9173767924148024, 0.84, 0.97],
  ['icc2', 0.9179683540633139, 0.77, 0.97],
  ['icc3', 0.9811943233206382, 0.96, 0.99],
  ['icc1k', 0.9900919695993771, 0.98, 1],
  ['icc2k', 0.9901684881404721, 0.97, 1],
  ['icc3k', 0.9978749578303171, 1, 1],
];
const WAVES = ratings(
  Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: 9 }, (_, j) => 10 * Math.sin(1.7 * i) + 2 * Math.cos(3 * j) + 1.5 * Math.sin(5 * i * j + j)),
  ),
);

test('mean squares match the example of Shrout and Fleiss', () => {
  const { between, within, measurements, residual } = meanSquares(SHROUT_FLEISS);
  assertNear(between, 11.241666667, 1e-9);
  assertNear(within, 6.263888889, 1e-9);
  assertNear(measurements, 32.486111111, 1e-9);
  assertNear(residual, 1.019444444, 1e-9);
});

test('every form and its interval match Shrout and Fleiss', () => {
  const found = intraclassCorrelations(SHROUT_FLEISS);
  for (const [form, printed, value, low, high] of SHROUT_FLEISS_FORMS) {
    assert.equal(Number(found[form].value.toFixed(2)), printed, form);
    assertEstimate(found[form], { value, low, high }, 1e-9, form);
  }
});

test("every form matches Pingouin, and its interval to Pingouin's two digits", () => {
  const found = intraclassCorrelations(WAVES);
  for (const [form, value, low, high] of PINGOUIN) {
    assertNear(found[form].value, value, 1e-12, form);
    assert.equal(Number(found[form].low.toFixed(2)), low, form);
    assert.equal(Number(found[form].high.toFixed(2)), high, form);
  }
});

test('a shift common to all targets lowers agreement but not consistency', () => {
  const shifted = { ...WAVES, data: WAVES.data.map((value, n) => value + 5 * (n % 9)) };
  const [before, after] = [WAVES, shifted].map((data) => intraclassCorrelations(data));
  assertNear(after.icc3.value, before.icc3.value, 1e-12);
  assert.ok(after.icc2.value < before.icc2.value - 0.2);
  assert.ok(after.icc1.value < before.icc1.value - 0.2);
});

const UNDEFINED: [string, Ratings, string][] = [
  ['one target', ratings([[1, 2, 3]]), 'too_few_subjects'],
  ['no target', { targets: 0, measurements: 3, data: new Float64Array(0) }, 'too_few_subjects'],
  ['one measurement', ratings([[1], [2], [3]]), 'too_few_perturbations'],
  [
    'the same number everywhere',
    ratings([
      [0.1, 0.1, 0.1],
      [0.1, 0.1, 0.1],
    ]),
    'zero_variance',
  ],
];

for (const [what, data, flag] of UNDEFINED)
  test(`there is no coefficient of ${what}, and a flag says why`, () => {
    const { flag: found, ...forms } = intraclassCorrelations(data);
    assert.equal(found, flag);
    for (const { value, low, high } of Object.values(forms)) assert.ok([value, low, high].every(Number.isNaN));
  });

test('targets that differ and never change agree fully, with an interval of zero width', () => {
  const { flag, ...forms } = intraclassCorrelations(
    ratings([
      [0.1, 0.1, 0.1],
      [0.3, 0.3, 0.3],
      [0.7, 0.7, 0.7],
    ]),
  );
  assert.equal(flag, '');
  for (const [form, estimate] of Object.entries(forms)) assert.deepEqual(estimate, { value: 1, low: 1, high: 1 }, form);
});

function ratings(rows: number[][]): Ratings {
  return { targets: rows.length, measurements: rows[0].length, data: Float64Array.from(rows.flat()) };
}

function assertEstimate(found: Estimate, expected: Estimate, tolerance: number, what: string): void {
  for (const part of ['value', 'low', 'high'] as const)
    assertNear(found[part], expected[part], tolerance, `${what} ${part}`);
}

function assertNear(actual: number, expected: number, tolerance: number, what = ''): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} instead of ${expected}`);
}
