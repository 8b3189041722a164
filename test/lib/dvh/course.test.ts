import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MEASURE_OPTIONS, dvhOfCourse, finishDvh, prepareDvh } from '#lib/dvh/course.ts';
import type { CourseDvhInput, CourseRoi } from '#lib/dvh/course-dvh.ts';
import { measureRoi, type RoiTask } from '#lib/dvh/measure-roi.ts';
import { CURVE_COLUMNS } from '#lib/dvh/metrics/columns.ts';
import { GOAL_COLUMNS, parseGoals } from '#lib/dvh/metrics/goals.ts';
import { workerTask } from '#lib/dvh/task.ts';
import type { Mask } from '#lib/image/grid.ts';
import type { JoinFrames } from '#lib/rt/join-frames.ts';
import type { Contour } from '#lib/rt/structure-set.ts';
import { circle, doseOn, gridAround, planes, roiOf } from '../../fixtures/dvh-phantom.ts';
import { planDose } from '../../fixtures/plan-dose.ts';

const grid = gridAround(40, 2.5);
const dose = planDose(doseOn(grid, ([x, y, z]) => 62 * Math.exp(-(((x * x + y * y + z * z) / 1500) ** 2))).volume);

function contourRoi(number: number, name: string, contours: Contour[], more: Partial<CourseRoi> = {}): CourseRoi {
  return {
    name,
    number,
    source: 'manual',
    interpretedType: /PTV/.test(name) ? 'PTV' : 'ORGAN',
    structureSetUid: '1.5',
    frameOfReferenceUid: 'F',
    region: { kind: 'contours', contours },
    ...more,
  };
}

const disc = (radius: number, x = 0) => roiOf(planes(-12, 12, 3), () => [circle(radius, [x, 0])]).contours;
const emptyMask: Mask = { grid, box: { start: [0, 0, 0], size: [0, 0, 0] }, data: new Uint8Array(0) };

const ROIS: CourseRoi[] = [
  contourRoi(1, 'PTV_6000', disc(14)),
  contourRoi(2, 'Rectum', disc(8, 20)),
  contourRoi(3, 'Nothing', []),
  contourRoi(4, 'Couch', disc(8), { ended: { status: 'skipped_by_rule', reason: 'couch*' } }),
  contourRoi(5, 'Far', roiOf(planes(300, 310, 2), () => [circle(5)]).contours),
  contourRoi(6, 'Other frame', disc(8), { frameOfReferenceUid: 'G' }),
  contourRoi(7, 'Empty mask', [], { region: { kind: 'mask', mask: emptyMask }, source: 'totalsegmentator' }),
  contourRoi(8, 'Point', [{ type: 'POINT', pointsMm: Float64Array.of(1, 2, 3), imageUids: [] }]),
  contourRoi(9, 'Broken', [{ type: 'CLOSED_PLANAR', pointsMm: Float64Array.of(1, 2, Number.NaN), imageUids: [] }]),
  contourRoi(10, 'Speck', roiOf([0, 1], () => [circle(0.1)]).contours),
  contourRoi(11, 'Edge', disc(10, 36)),
];

const input: CourseDvhInput = {
  rois: ROIS,
  dose,
  prescriptions: { levels: [], planUids: ['1.9'], courseGy: 60, courseSource: 'target_prescription' },
  fractions: 30,
  options: { ...DEFAULT_MEASURE_OPTIONS, goals: parseGoals(['Rectum V40Gy < 50 %', 'PTV* D95% >= 40 Gy']) },
};

test('every ROI is a row with a status and a reason', () => {
  const { rows } = dvhOfCourse(input);
  assert.deepEqual(
    rows.map((row) => [row.roi_number, row.status, row.reason]),
    [
      [1, 'ok', ''],
      [2, 'ok', ''],
      [3, 'empty', 'no contours'],
      [4, 'skipped_by_rule', 'couch*'],
      [5, 'outside_dose', 'outside the dose grid'],
      [
        6,
        'failed',
        'its frame of reference differs from that of the dose: no registration links the two frames of reference',
      ],
      [7, 'empty', 'no voxels'],
      [8, 'empty', 'only points'],
      [9, 'failed', 'no usable contour: CONTOUR_NOT_NUMERIC'],
      [10, 'too_small', 'smaller than 0.001 cc'],
      [11, 'ok', ''],
    ],
  );
  const edge = rows[10].dose_coverage as number;
  assert.ok(Math.abs((rows[5]['Volume[cc]'] as number) / ((Math.PI * 64 * 27) / 1000) - 1) < 0.001);
  assert.ok(edge > 0.6 && edge < 0.9 && rows[4].dose_coverage === 0 && rows[0].dose_coverage === 1);
});

test('the tables have exactly the declared columns', () => {
  const { columns, rows, curves, goals } = dvhOfCourse({
    ...input,
    options: { ...input.options, alphaBetaGy: { Rectum: 3 }, geudA: { 'R*': 8 } },
  });
  for (const [table, known] of [
    [rows, columns],
    [curves, CURVE_COLUMNS],
    [goals, GOAL_COLUMNS],
  ] as const) {
    const names = new Set(known.map((column) => column.name));
    assert.equal(names.size, known.length);
    for (const row of table) for (const key of Object.keys(row)) assert.ok(names.has(key), key);
  }
  for (const column of columns) assert.ok(column.meaning.length > 0);
  const rectum = rows[1];
  for (const name of ['EQD2_Mean[Gy]', 'BED_D2%[Gy]', 'gEUD[Gy]', 'D95%[Gy]_uncertainty', 'alpha_beta[Gy]'])
    assert.equal(typeof rectum[name], 'number', name);
  assert.equal(rows[0]['EQD2_Mean[Gy]'], null);
});

test('the points of a curve are counted from 1, and columns say in words what they hold', () => {
  const { curves, columns } = dvhOfCourse({ ...input, options: { ...input.options, geudA: { '*': 8 } } });
  const ofTarget = curves.filter((row) => row.roi_number === 1).map(({ point }) => point);
  assert.deepEqual(
    ofTarget,
    ofTarget.map((_, n) => n + 1),
  );
  const meaningOf = (name: string) => columns.find((column) => column.name === name)?.meaning ?? '';
  assert.match(meaningOf('gEUD[Gy]'), /^generalised equivalent uniform dose/);
  assert.match(meaningOf('D95%[Gy]'), /^lowest dose in the hottest 95 % of the ROI$/);
  assert.match(meaningOf('Mean[Gy]'), /^mean dose in the ROI$/);
});

test('a ROI of one contour is 3 mm thick where no image says how far its slices lie apart', () => {
  const single = contourRoi(1, 'Node', roiOf([0], () => [circle(10)]).contours);
  const [{ 'Volume[cc]': volumeCc }] = dvhOfCourse({ ...input, rois: [single] }).rows;
  const exactCc = (Math.PI * 10 ** 2 * 3) / 1000;
  assert.ok(Math.abs(Number(volumeCc) / exactCc - 1) < 1e-3, `${volumeCc} cc`);
});

test('a course has prescriptions, plan indices and goals', () => {
  const { rows, goals } = dvhOfCourse(input);
  const [ptv, rectum] = rows;
  assert.deepEqual([ptv['prescription[Gy]'], ptv.prescription_source], [60, 'roi_name']);
  assert.deepEqual([rectum['prescription[Gy]'], rectum.prescription_source], [60, 'course:target_prescription']);
  // The 60 Gy isodose is the ball with (r^2 / 1500)^2 = ln(62 / 60), r = 16.48 mm; trilinear dose on 2.5 mm makes it a little smaller.
  const radius = Math.log(62 / 60) ** 0.25 * Math.sqrt(1500);
  const isodoseCc = ((4 / 3) * Math.PI * radius ** 3) / 1000;
  const index = ptv.CI_RTOG as number;
  assert.ok(Math.abs(index * (ptv['Volume[cc]'] as number) - isodoseCc) < 0.04 * isodoseCc);
  assert.ok((ptv.CI_Paddick as number) < 1 && (ptv.GI as number) > 1 && rectum.GI === null);
  assert.deepEqual(
    goals.map((goal) => [goal.roi_name, goal.result]),
    [
      ['Rectum', 'fail'],
      ['PTV_6000', 'pass'],
    ],
  );
});

test('disabled uncertainty columns are absent', () => {
  const { columns } = dvhOfCourse({
    ...input,
    options: { ...input.options, uncertainty: false, metrics: ['D95%[Gy]'] },
  });
  assert.equal(columns.filter((column) => /D95%|uncertainty/.test(column.name)).length, 1);
});

test('findings name the object at fault', () => {
  const { findings } = dvhOfCourse(input);
  assert.deepEqual(findings.map((found) => [found.code, found.where]).sort(), [
    ['CONTOUR_IS_POINT', '1.5 ROI 8'],
    ['CONTOUR_NOT_NUMERIC', '1.5 ROI 9'],
    ['END_CAPS_LARGE', '1.5 ROI 1'],
    ['END_CAPS_LARGE', '1.5 ROI 10'],
    ['END_CAPS_LARGE', '1.5 ROI 11'],
    ['END_CAPS_LARGE', '1.5 ROI 2'],
    ['END_CAPS_LARGE', '1.5 ROI 5'],
    ['END_CAPS_LARGE', '1.5 ROI 6'],
    ['OUTSIDE_DOSE_GRID', '1.5 ROI 11'],
    ['OUTSIDE_DOSE_GRID', '1.5 ROI 5'],
    ['ROI_IN_OTHER_FRAME', '1.5 ROI 6'],
  ]);
});

test('a course without dose reports volumes and says so; a dose without plan says so', () => {
  const without = dvhOfCourse({ ...input, dose: undefined });
  assert.deepEqual([without.rows[0].status, without.rows[0].reason], ['no_dose', 'the course has no dose']);
  assert.ok((without.rows[0]['Volume[cc]'] as number) > 16);
  assert.deepEqual([without.findings[0].code, without.findings[0].where], ['NO_DOSE', 'course']);
  const planless = dvhOfCourse({ ...input, prescriptions: { levels: [], planUids: [] } });
  assert.deepEqual([planless.findings[0].code, planless.findings[0].where], ['DOSE_WITHOUT_PLAN', '1.2.3']);
  assert.equal(planless.rows[1]['V95%[%]'], null);
  const other = dvhOfCourse({ ...input, prescriptions: { ...input.prescriptions, planUids: ['1.8'] } });
  assert.deepEqual([other.findings[0].code, other.findings[0].where], ['PLAN_NOT_OF_DOSE', '1.8']);
});

test('a relative dose gives no absolute metric', () => {
  const { rows } = dvhOfCourse({ ...input, dose: { ...dose, relative: true } });
  assert.deepEqual([rows[0].status, rows[0].reason, rows[0]['Mean[Gy]']], ['failed', 'the dose is relative', null]);
  assert.ok((rows[0]['Volume[cc]'] as number) > 16);
});

test('a prescription implausible for its target is reported, unless it is configured', () => {
  const doubts = (courseGy: number, configured: Record<string, number> = {}) => {
    const rois = [contourRoi(1, 'PTV', disc(14)), contourRoi(2, 'Rectum', disc(8, 20))];
    const prescriptions = { levels: [], planUids: ['1.9'], courseGy, courseSource: 'fraction_group', configured };
    const { findings } = dvhOfCourse({ ...input, rois, prescriptions });
    return findings.filter(({ code }) => code === 'PRESCRIPTION_UNLIKELY').map(({ where }) => where);
  };
  assert.deepEqual(doubts(10.8), ['1.5 ROI 1']);
  assert.deepEqual(doubts(200), ['1.5 ROI 1']);
  assert.deepEqual(doubts(50), []);
  assert.deepEqual(doubts(10.8, { PTV: 10.8 }), []);
  const [{ 'Median[Gy]': median }] = dvhOfCourse({
    ...input,
    rois: [contourRoi(1, 'PTV', disc(14))],
    options: { ...input.options, metrics: ['Median[Gy]'] },
  }).rows;
  const around = [2.02, 1.98, 1 / 1.98, 1 / 2.02].map((times) => doubts(times * Number(median)).length);
  assert.deepEqual(around, [1, 0, 0, 1], 'in doubt beyond half and twice the median');
});

test('a number in the name of a target that no plan prescribes gives a finding with both doses, and no percent', () => {
  const rois = [contourRoi(1, 'PTV50', disc(14)), contourRoi(2, 'Rectum', disc(8, 20))];
  const prescriptions = { levels: [], planUids: ['1.9'], courseGy: 60, courseSource: 'fraction_group' };
  const { rows, findings } = dvhOfCourse({ ...input, rois, prescriptions });
  assert.equal(rows[0]['V95%[%]'], null);
  assert.notEqual(rows[1]['V95%[%]'], null);
  const [open, ...others] = findings.filter(({ code }) => code === 'PRESCRIPTION_OPEN');
  assert.deepEqual([open.where, others], ['1.5 ROI 1', []]);
  assert.match(open.message, /50\.00 Gy.*60\.00 Gy/);
});

test('a rigid registration moves an ROI of another frame', () => {
  const matrix = [0, -1, 0, 5, 1, 0, 0, -3, 0, 0, 1, 2, 0, 0, 0, 1];
  const join: JoinFrames = (from, to) =>
    from === 'G' && to === 'F'
      ? { matrix, registrationUids: ['1.77'], findings: [] }
      : { reason: 'no registration', findings: [] };
  const rois = [contourRoi(1, 'here', roiOf(planes(-10, 14, 3), () => [circle(6, [5, 7])]).contours)];
  const there = roiOf(planes(-12, 12, 3), () => [circle(6, [10, 0])]).contours;
  rois.push(contourRoi(2, 'there', there, { frameOfReferenceUid: 'G' }));
  const { rows } = dvhOfCourse({ ...input, rois, join });
  for (const name of ['Volume[cc]', 'Mean[Gy]', 'D95%[Gy]', 'Max[Gy]'])
    assert.ok(Math.abs((rows[0][name] as number) - (rows[1][name] as number)) < 0.02, name);
  assert.deepEqual([rows[0].moved, rows[0].registration_uids], ['', '']);
  assert.deepEqual([rows[1].moved, rows[1].registration_uids], ['roi', '1.77']);
});

test('worker threads give the same results as one thread, and a lost worker gives a failed row', () => {
  const plan = prepareDvh(input);
  const tasks = plan.rois.map(({ task }, n) => task && workerTask(task, `${n}`));
  assert.ok(tasks[0]?.module.endsWith('/lib/dvh/measure-roi.ts') && tasks[0].name === measureRoi.name);
  const results = tasks.map((task) => task && measureRoi(structuredClone(withoutSharing(task.argument))));
  assert.deepEqual(finishDvh(plan, results).rows, dvhOfCourse(input).rows);
  const lost = finishDvh(plan, [new Error('out of memory'), ...results.slice(1)]);
  assert.deepEqual([lost.rows[0].status, lost.rows[0].reason], ['failed', 'out of memory']);
});

/** structuredClone outside of threads refuses shared buffers. */
function withoutSharing(task: RoiTask): RoiTask {
  const { dose: field } = task;
  return field ? { ...task, dose: { ...field, volume: { ...field.volume, data: field.volume.data.slice() } } } : task;
}
