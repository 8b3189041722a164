import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOALS_KEY, goalRows, parseGoals } from '#lib/dvh/metrics/goals.ts';
import { BadConfig } from '#lib/errors.ts';
import type { RoiStatus } from '#lib/rt/roi-status.ts';
import { COURSE_KEY } from '#lib/rt/row-identity.ts';
import { repeatedKeys } from '#lib/tables/key.ts';

const LINES: [text: string, roi: string, metric: string, comparison: string, limit: number, acceptable?: number][] = [
  ['Rectum V70Gy < 20 %', 'Rectum', 'V70Gy[%]', '<', 20],
  ['Rectum V70Gy[cc] < 5', 'Rectum', 'V70Gy[cc]', '<', 5],
  ['Spinal Cord Max <= 45 Gy', 'Spinal Cord', 'Max[Gy]', '<=', 45],
  ['PTV* D95% >= 66.5Gy', 'PTV*', 'D95%[Gy]', '>=', 66.5],
  ['PTV_7000 D95%[%] ≥ 95 %', 'PTV_7000', 'D95%[%]', '>=', 95],
  ['Cord D0.03cc < 4500 cGy', 'Cord', 'D0.03cc[Gy]', '<', 45],
  ['Cord D0.03cc < 4500 cGy (5000)', 'Cord', 'D0.03cc[Gy]', '<', 45, 50],
  ['Lungs V20Gy <= 30 % (35)', 'Lungs', 'V20Gy[%]', '<=', 30, 35],
  ['Lung_L Mean<20Gy', 'Lung_L', 'Mean[Gy]', '<', 20],
  ['PTV HI < 0.1', 'PTV', 'HI', '<', 0.1],
  ['Liver CV15Gy > 700 cc', 'Liver', 'CV15Gy[cc]', '>', 700],
];

for (const [text, roi, metric, comparison, limit, acceptable] of LINES)
  test(`"${text}" is read`, () => {
    const [goal] = parseGoals([text]);
    assert.deepEqual(
      [goal.roi, goal.metric.name, goal.comparison, goal.limit, goal.acceptable],
      [roi, metric, comparison, limit, acceptable],
    );
  });

test('maps and a list under "goals" are accepted too', () => {
  const [goal] = parseGoals({ goals: [{ roi: 'Rectum', goal: 'V70Gy < 20 %' }] });
  assert.deepEqual([goal.roi, goal.metric.name], ['Rectum', 'V70Gy[%]']);
});

test('a goal that is listed twice is refused', () => {
  assert.throws(() => parseGoals(['Cord Max < 45 Gy', ' Cord Max < 45 Gy']), /"Cord Max < 45 Gy" is listed twice/);
});

for (const content of [
  null,
  'Rectum V70Gy < 20 %',
  ['Rectum'],
  ['Rectum V70 < 20 %'],
  [{ roi: 'Rectum' }],
  [{ goal: 'V70Gy < 20 %' }],
  [3],
])
  test(`${JSON.stringify(content)} is refused as a list of goals`, () => {
    assert.throws(() => parseGoals(content), BadConfig);
  });

test('goals pass, fail, are acceptable, or say why they cannot be judged', () => {
  const subject = (roiName: string, value: number, status: RoiStatus = 'ok') => ({
    roi: { structureSetUid: '1.2', roiNumber: 1, roiName, standardName: null, source: 'manual' },
    status,
    cropped: false,
    value: () => value,
  });
  const goals = parseGoals(['Lung* V20Gy <= 30 % (35)', 'Heart Mean < 26 Gy', 'Cord Max < 45 Gy', 'Eye Max < 10 Gy']);
  const subjects = [
    subject('Lung_L', 30),
    subject('Lung_R', 33),
    subject('LUNGS', 36),
    subject('Heart', Number.NaN),
    subject('Cord', Number.NaN, 'outside_dose'),
  ];
  const rows = goalRows(goals, subjects, '1.4');
  assert.equal(repeatedKeys({ key: GOALS_KEY.slice(COURSE_KEY.length), rows }), 0);
  assert.ok(rows.every((row) => row.dose_uid === '1.4'));
  assert.deepEqual(
    rows.map((row) => [row.roi_name, row.value, row.result, row.reason]),
    [
      ['Lung_L', 30, 'pass', ''],
      ['Lung_R', 33, 'acceptable', ''],
      ['LUNGS', 36, 'fail', ''],
      ['Heart', null, 'not_evaluable', 'the metric is not defined for this ROI'],
      ['Cord', null, 'not_evaluable', 'outside_dose'],
      ['', null, 'not_evaluable', 'no ROI matches'],
    ],
  );
});

test('a goal also finds an ROI by its standard name, and each ROI only once', () => {
  const subject = (roiName: string, standardName: string | null) => ({
    roi: { structureSetUid: '1.2', roiNumber: 1, roiName, standardName, source: 'manual' },
    ...{ status: 'ok' as const, cropped: false },
    value: () => 10,
  });
  const subjects = [subject('Odbytnica', 'Rectum'), subject('rectum', 'Rectum'), subject('colon', 'Colon')];
  const found = goalRows(parseGoals(['Rectum V70Gy < 20 %', 'odbyt* Mean < 50 Gy']), subjects, '');
  assert.deepEqual(
    found.map((row) => [row.roi_name, row.metric]),
    [
      ['Odbytnica', 'V70Gy[%]'],
      ['rectum', 'V70Gy[%]'],
      ['Odbytnica', 'Mean[Gy]'],
    ],
  );
});
