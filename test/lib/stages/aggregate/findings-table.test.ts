import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINDINGS } from '#lib/finding-register.ts';
import { type Finding, finding, findingsOn } from '#lib/findings.ts';
import type { Course } from '#lib/rt/course.ts';
import { findingsTable } from '#lib/stages/aggregate/findings-table.ts';
import type { ReportedStatus } from '#lib/stages/aggregate/status-rows.ts';
import { repeatedKeys } from '#lib/tables/key.ts';

const course = (findings: Finding[]) =>
  ({
    courseId: 'c1',
    patient: { id: 'P1' },
    structureSets: [{ sopInstanceUid: '1.2' }],
    doses: [{ sopInstanceUid: '1.4' }],
    images: [{ seriesInstanceUid: '1.1' }],
    findings,
  }) as unknown as Course;
const status = (verdict: ReportedStatus['status'], findings: Finding[]) =>
  ({ status: verdict, findings }) as ReportedStatus;
const RECTUM = { structureSetUid: '1.2', roiNumber: 3, roiName: 'Rectum', source: 'manual' };

const tableOf = (own: Finding[], statuses: Map<string, ReportedStatus>) =>
  findingsTable({ upload: [], cohort: [], tables: [], courses: [{ course: course(own), statuses }] });

const shown = (table: ReturnType<typeof findingsTable>) =>
  table.rows.map((row) => [row.course_id, row.stage, row.code, row.roi_name || (row.dose_uid ?? row.image_series_uid)]);

test('every finding of every stage is a row with its severity and remedy', () => {
  const crossing = findingsOn(RECTUM, [finding('CONTOURS_CROSS', 'ROI 3', '2 planes')]);
  const table = findingsTable({
    tables: [],
    cohort: [],
    upload: [{ ...finding('FILES_UNREADABLE', 'unreadable', '1 file'), patientId: '' }],
    courses: [
      {
        course: course([finding('DOSE_PLAN_MISSING', '1.4', 'not in the upload')]),
        statuses: new Map([
          ['structures', status('ok', [finding('MISSING_SLICES', '1.1', '2 slices'), ...crossing])],
          ['dvh', status('failed', [finding('DOSE_UNUSABLE', '1.4', 'no pixels')])],
        ]),
      },
    ],
  });
  assert.deepEqual(shown(table), [
    [null, 'organize', 'FILES_UNREADABLE', null],
    ['c1', 'dvh', 'DOSE_UNUSABLE', '1.4'],
    ['c1', 'organize', 'DOSE_PLAN_MISSING', '1.4'],
    ['c1', 'structures', 'CONTOURS_CROSS', 'Rectum'],
    ['c1', 'structures', 'MISSING_SLICES', '1.1'],
  ]);
  for (const row of table.rows) {
    const { severity, remedy } = FINDINGS[row.code as keyof typeof FINDINGS];
    assert.deepEqual([row.severity, row.remedy], [severity, remedy]);
  }
  assert.deepEqual([table.rows[3].structure_set_uid, table.rows[3].roi_number], ['1.2', 3]);
});

test('a finding reported by several stages is one row, under the first stage', () => {
  const crossing = finding('CONTOURS_CROSS', 'ROI 3', '2 planes');
  const again = finding('CONTOURS_CROSS', '1.2 ROI 3', '2 planes');
  const other = findingsOn({ ...RECTUM, roiNumber: 4 }, [crossing]);
  const table = tableOf(
    [],
    new Map([
      ['dvh', status('ok', findingsOn(RECTUM, [again]))],
      ['structures', status('ok', [...findingsOn(RECTUM, [crossing]), ...other])],
    ]),
  );
  assert.deepEqual(
    table.rows.map((row) => [row.stage, row.code, row.roi_number, row.where]),
    [
      ['structures', 'CONTOURS_CROSS', 3, 'ROI 3'],
      ['structures', 'CONTOURS_CROSS', 4, 'ROI 3'],
    ],
  );
});

test('findings on different filtered images of a structure are separate rows', () => {
  const on = (part: string) => findingsOn({ ...RECTUM, part }, [finding('TOO_MANY_GRAY_LEVELS', part, '')]);
  const statuses = new Map([['radiomics', status('ok', [...on('original'), ...on('wavelet-LLH'), ...on('original')])]]);
  assert.equal(tableOf([], statuses).rows.length, 2);
});

test('findings of outdated results are left out', () => {
  const statuses = new Map([['dvh', status('not_run', [finding('NO_DOSE', '1.4', '')])]]);
  assert.deepEqual(tableOf([], statuses).rows, []);
});

test('different messages of one stage on one object are separate rows; a repetition by a later stage is left out', () => {
  const decision = (message: string) => finding('DOSE_DECISION', 'c1', message);
  const frame = (message: string) => finding('FRAME_OF_REFERENCE_DIFFERS', '1.2', message);
  const statuses = new Map([['qc', status('ok', [frame('seen by qc')])]]);
  const rows = tableOf([decision('one'), decision('two'), decision('two'), frame('seen by organize')], statuses).rows;
  assert.deepEqual(
    rows.map(({ code, message }) => [code, message]),
    [
      ['DOSE_DECISION', 'one'],
      ['DOSE_DECISION', 'two'],
      ['FRAME_OF_REFERENCE_DIFFERS', 'seen by organize'],
    ],
  );
});

test('row keys are unique, and findings outside courses have no course', () => {
  const found = findingsOn(RECTUM, [finding('ROI_EMPTY', 'ROI 3', 'a'), finding('ROI_EMPTY', 'ROI 3', 'b')]);
  const table = findingsTable({
    upload: [],
    cohort: [],
    tables: [finding('KEY_REPEATED', 'doses', '2 rows')],
    courses: [{ course: course([]), statuses: new Map([['structures', status('ok', found)]]) }],
  });
  assert.equal(repeatedKeys(table), 0);
  assert.deepEqual(shown(table)[0], [null, 'aggregate', 'KEY_REPEATED', null]);
  assert.equal(table.rows.length, 2);
});

test('a cohort finding is a row of its structure and course', () => {
  const outlier = { ...finding('COHORT_OUTLIER', 'roi 3 (manual)', 'volume of 1.0 cc'), ...RECTUM, courseId: 'c1' };
  const courses = [{ course: course([]), statuses: new Map() }];
  const table = findingsTable({ upload: [], tables: [], cohort: [outlier], courses });
  assert.deepEqual(shown(table), [['c1', 'aggregate', 'COHORT_OUTLIER', 'Rectum']]);
});
