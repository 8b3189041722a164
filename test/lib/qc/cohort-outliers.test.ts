import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { cohortOutliers } from '#lib/qc/cohort-outliers.ts';
import { seededRandom } from '#lib/random.ts';
import type { Row } from '#lib/tables/table.ts';

const { thresholds } = parseConfig({}).qc;

/** A cohort of bladders around 150 cc, 8 HU and 30 Gy; the first row is changed. */
function cohort(size: number, change: Row = {}): Row[] {
  const random = seededRandom(7);
  return Array.from({ length: size }, (_, n) => ({
    course_id: `c${n}`,
    standard_name: 'Bladder',
    source: 'manual',
    structure_set_uid: `1.${n}`,
    roi_number: 2,
    roi_name: 'bladder',
    cut_at_border: false,
    mask_volume_cc: 150 * Math.exp(0.6 * (random() - 0.5)),
    median_hu: 8 + 10 * (random() - 0.5),
    median_dose_gy: 30 + 8 * (random() - 0.5),
    ...(n === 0 ? change : {}),
  }));
}

test('a uniform cohort has no outlier', () => assert.deepEqual(cohortOutliers(cohort(40), thresholds), []));

const OUTLIERS: [string, Row][] = [
  ['volume', { mask_volume_cc: 8 }],
  ['median', { median_hu: 300 }],
  ['median dose', { median_dose_gy: 0.3 }],
];

for (const [what, change] of OUTLIERS) {
  test(`a structure with a different ${what} is reported with its course`, () => {
    const found = cohortOutliers(cohort(40, change), thresholds);
    assert.deepEqual(
      found.map(({ code, courseId, roiName }) => [code, courseId, roiName]),
      [['COHORT_OUTLIER', 'c0', 'bladder']],
    );
    assert.ok(found[0].message.startsWith(`${what} of `));
  });
}

test('the volume of a structure cut by its image is not compared', () => {
  assert.deepEqual(cohortOutliers(cohort(40, { mask_volume_cc: 8, cut_at_border: true }), thresholds), []);
});

test('names in too few courses have no outlier', () => {
  assert.deepEqual(cohortOutliers(cohort(9, { mask_volume_cc: 8 }), thresholds), []);
});

test('equal structures that differ by rounding are not outliers', () => {
  const rows = cohort(20).map((row, n) => ({ ...row, mask_volume_cc: n === 0 ? 150.2 : 150 }));
  assert.deepEqual(cohortOutliers(rows, thresholds), []);
});
