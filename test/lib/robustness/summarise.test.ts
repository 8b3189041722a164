import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { coefficientOfVariationPct, quartileCoefficientOfDispersion, quartiles } from '#lib/robustness/dispersion.ts';
import { perturbationsByKind, strengthsOf } from '#lib/robustness/kinds.ts';
import { labelOf } from '#lib/robustness/label.ts';
import { perturbationGrid } from '#lib/robustness/perturbation-grid.ts';
import { type Subject, summariseFeature } from '#lib/robustness/summarise.ts';

const STRICT = settingsOf({});
const ANCESTOR = settingsOf({ metrics: { icc: { icc_type: 'ICC3' } } });
const NONE = Number.NaN;

test('dispersion matches NumPy', () => {
  const values = [3, 1, 4, 1.5, 9, 2.6];
  // numpy.std(ddof=1) / numpy.mean and numpy.percentile([25, 50, 75]) of NumPy 2.4
  near(coefficientOfVariationPct(values), 82.22714670019383);
  const { q1, median, q3 } = quartiles(values);
  near(q1, 1.775);
  near(median, 2.8);
  near(q3, 3.75);
  near(quartileCoefficientOfDispersion(values), (3.75 - 1.775) / (3.75 + 1.775));
});

test('values that may be zero or negative have no coefficient of variation or dispersion', () => {
  for (const values of [
    [1, 2, 3, -4],
    [0, 1, 2, 3],
    [1, NONE, 3, 4],
  ]) {
    assert.ok(Number.isNaN(coefficientOfVariationPct(values)));
    assert.ok(Number.isNaN(quartileCoefficientOfDispersion(values)));
  }
  assert.ok(Number.isNaN(coefficientOfVariationPct([5])));
  assert.ok(Number.isNaN(quartileCoefficientOfDispersion([1, 2, 3])));
});

const LABELS: [string, typeof STRICT, low: number, value: number, cov: number, string][] = [
  ['strict: the bound alone counts', STRICT, 0.9, 0.95, 50, 'robust'],
  ['strict: a bound just below, which two digits would round up', STRICT, 0.8999, 0.95, 1, 'acceptable'],
  ['strict: no coefficient of variation is needed', STRICT, 0.95, 0.97, NONE, 'robust'],
  ['strict: low', STRICT, 0.74, 0.95, 1, 'poor'],
  ['strict: nothing to estimate is not poor', STRICT, NONE, NONE, 1, 'not_evaluable'],
  ['ICC3: the coefficient of variation counts', ANCESTOR, 0.95, 0.97, 15, 'acceptable'],
  ['ICC3: both', ANCESTOR, 0.95, 0.97, 10, 'robust'],
  ['ICC3: too much variation', ANCESTOR, 0.95, 0.97, 21, 'poor'],
  ['ICC3: a feature that can be negative has no coefficient of variation', ANCESTOR, 0.95, 0.97, NONE, 'robust'],
  ['ICC3: nothing to estimate', ANCESTOR, NONE, NONE, NONE, 'not_evaluable'],
  ['without interval the estimate counts', settingsOf({ metrics: { icc: { ci: false } } }), 0.5, 0.91, 1, 'robust'],
];

for (const [what, settings, low, value, cov, label] of LABELS)
  test(`label, ${what}: ${label}`, () => {
    assert.equal(labelOf({ value, low, high: 1 }, cov, settings), label);
  });

test('structures that lack a perturbation are left out and counted; a perturbation that most lack is left out', () => {
  const subjects = [
    subject('a', { p: 10, q: 11, r: 12, rare: 9 }),
    subject('b', { p: 20, q: 21, r: 22, rare: undefined }),
    subject('b', { p: 30, q: 31, r: 32, rare: undefined }),
    subject('c', { p: 40, q: 41, r: undefined, rare: undefined }),
    subject('d', { p: 50, q: NONE, r: 52, rare: undefined }),
    { courseId: 'e', values: new Map() },
  ];
  const row = summariseFeature(
    { identity: { roi_name: 'GTV' }, subjects },
    0,
    { kind: 'all', ids: ['p', 'q', 'r', 'rare'] },
    STRICT,
  );
  assert.equal(row.n_subjects, 6);
  assert.equal(row.n_subjects_complete, 3);
  assert.equal(row.n_subjects_dropped, 3);
  assert.equal(row.n_courses, 2);
  assert.equal(row.n_perturbations, 3);
  assert.equal(row.n_perturbations_dropped, 1);
  near(Number(row.icc3), 1);
  // Between 300, within 1, k = 3: (300 - 1) / (300 + 2)
  near(Number(row.icc1), 299 / 302);
  assert.equal(row.icc, row.icc1);
  assert.equal(row.cov_status, 'complete');
  near(Number(row.cov_pct), 100 / 21);
});

test('between two structures the perturbations that one lacks are left out, not the structure', () => {
  const subjects = [subject('a', { p: 10, q: 11, r: 12 }), subject('b', { p: 20, q: 22, r: undefined })];
  const row = summariseFeature({ identity: {}, subjects }, 0, { kind: 'all', ids: ['p', 'q', 'r'] }, STRICT);
  assert.deepEqual([row.n_subjects_complete, row.n_perturbations, row.n_perturbations_dropped], [2, 2, 1]);
  // Within: ((0.5^2 + 0.5^2) + (1 + 1)) / 2
  near(Number(row.wsd), Math.sqrt(1.25));
  near(Number(row.rc), 1.96 * Math.sqrt(2.5));
});

test('each kind includes only perturbations in which nothing else varies', () => {
  const settings = settingsOf({
    segmentation_perturbation: {
      intensity: 'standard',
      noise_levels: [0, 10],
      n_random_contour_realizations: 0,
      rotation_angles_deg: [3, -3],
    },
  }).segmentation_perturbation;
  const grid = perturbationGrid(settings);
  const kinds = perturbationsByKind(new Map(grid.map((one) => [one.id, strengthsOf(one)])));
  assert.equal(kinds.get('all')?.length, 36);
  assert.deepEqual(kinds.get('rotation'), ['ntcv_r3_v0', 'ntcv_r-3_v0']);
  assert.deepEqual(kinds.get('noise'), ['ntcv_r3_v0', 'ntcv_n10_r3_v0']);
  assert.equal(kinds.has('contour'), false);
});

test('one structure has dispersion but no agreement, and is not called poor', () => {
  const alone = { identity: {}, subjects: [subject('a', { p: 10, q: 11, r: 12, s: 13 })] };
  const row = summariseFeature(alone, 0, { kind: 'all', ids: ['p', 'q', 'r', 's'] }, STRICT);
  assert.ok(Number.isNaN(row.icc));
  assert.equal(row.icc_flag, 'too_few_subjects');
  assert.equal(row.robustness_label, 'not_evaluable');
  assert.equal(row.pass_seg_perturb, null);
  near(Number(row.cov_pct), (100 * Math.sqrt(5 / 3)) / 11.5);
  near(Number(row.qcd), 1.5 / 23);
});

test('what is disabled says so', () => {
  const off = settingsOf({ metrics: { cov: { enabled: false } } });
  const row = summariseFeature(
    { identity: {}, subjects: [subject('a', { p: 1, q: 2 })] },
    0,
    { kind: 'all', ids: ['p', 'q'] },
    off,
  );
  assert.equal(row.cov_status, 'disabled');
  assert.equal(row.cov_pct, undefined);
});

function subject(courseId: string, values: Record<string, number | undefined>): Subject {
  const entries = Object.entries(values).map(
    ([id, value]) => [id, value === undefined ? undefined : Float64Array.of(value)] as const,
  );
  return { courseId, values: new Map(entries) };
}

function settingsOf(settings: object) {
  return parseConfig({ radiomics_robustness: settings }).radiomics_robustness;
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.abs(expected), `${actual} instead of ${expected}`);
}
