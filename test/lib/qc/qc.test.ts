import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { finding, findingsOn } from '#lib/findings.ts';
import type { CourseFacts, StructureFacts } from '#lib/qc/facts.ts';
import { checkCourse as checkAgainst, overallVerdict, QC_KEY, qcRows } from '#lib/qc/qc.ts';
import { COURSE_KEY, NO_ROI } from '#lib/rt/row-identity.ts';
import { repeatedKeys } from '#lib/tables/key.ts';
import { course, dose, image, plan, set, structure } from '#test/fixtures/sound-course.ts';

const { qc: settings } = parseConfig({});
const checkCourse = (facts: CourseFacts) => checkAgainst(facts, settings);

test('a sound course passes every check, and checks without data say so', () => {
  const results = checkCourse(course);
  const others = results.filter(({ verdict }) => verdict !== 'PASS');
  assert.ok(others.every(({ verdict, findings }) => verdict === 'SKIP' && findings.length === 0));
  assert.ok(
    others.every(({ check }) => !['objects', 'structures', 'plan', 'dose', 'dates', 'approvals'].includes(check)),
  );
  assert.equal(overallVerdict(results), 'PASS');
});

test('an empty course fails QC', () => {
  const results = checkCourse({
    images: [],
    structureSets: [],
    imageFindings: [],
    structureFindings: [],
    joinedFrameUids: [],
    structures: [],
    plans: [],
    doses: [],
    fractionsDelivered: 0,
    overlaps: [],
    sessions: [],
  });
  assert.equal(overallVerdict(results), 'FAIL');
  assert.equal(results.find((result) => result.check === 'dose')?.verdict, 'SKIP');
});

test('a target with a boost inside gets more there, and never less than its own level', () => {
  const at = (medianDoseGy: number) => ({
    centroidMm: [0, 0, 0] as [number, number, number],
    piecesCc: [],
    medianDoseGy,
  });
  const boost: StructureFacts = {
    ...structure,
    measures: at(70),
    prescription: { doseGy: 70, source: 'plan_roi' },
  };
  const elective = (medianGy: number): StructureFacts => ({
    ...structure,
    roiNumber: 2,
    roiName: 'PTV_5600',
    standardName: 'PTV_5600',
    volumeCc: 120,
    measures: at(medianGy),
    prescription: { doseGy: 56, source: 'plan_level' },
  });
  const found = (medianGy: number, sharedCc: number) =>
    checkCourse({ ...course, structures: [boost, elective(medianGy)], overlaps: [{ first: 0, second: 1, sharedCc }] })
      .find(({ check }) => check === 'target_dose')
      ?.findings.map(({ message }) => message);
  assert.deepEqual(found(69.4, 90), []);
  assert.deepEqual(found(56.3, 90), []);
  assert.deepEqual(found(48, 90), [
    'D50% is 48.00 Gy, the prescription is 56.00 Gy (from the name of the structure; the plan has this level)',
  ]);
  assert.equal(found(80, 90)?.length, 1);
  assert.equal(found(69.4, 0)?.length, 1);
  assert.equal(found(69.4, 1)?.length, 1, 'targets that only touch explain no overdose');
  assert.deepEqual(found(62, 36), [], 'a boost in 30 % of the volume explains up to 64.4 Gy');
  assert.equal(found(72, 36)?.length, 1);
});

test('two organs that share more than the limit of the smaller one are reported', () => {
  const organ = (roiNumber: number, standardName: string, volumeCc: number): StructureFacts => ({
    ...structure,
    roiNumber,
    roiName: standardName,
    standardName,
    volumeCc,
    measures: { centroidMm: [0, 0, 0], piecesCc: [] },
  });
  const found = (one: string, other: string, sharedCc: number) =>
    checkCourse({
      ...course,
      structures: [organ(1, one, 100), organ(2, other, 20)],
      overlaps: [{ first: 0, second: 1, sharedCc }],
    })
      .flatMap(({ findings }) => findings)
      .filter(({ code }) => code === 'ORGANS_OVERLAP').length;
  const atLimitCc = (20 * settings.thresholds.overlap_percent) / 100;
  assert.equal(found('Heart', 'Liver', atLimitCc), 0);
  assert.equal(found('Heart', 'Liver', atLimitCc + 0.1), 1);
});

test('an image of another body part is told, one of the part beside it is not', () => {
  const measures = { centroidMm: [0, 0, 0] as [number, number, number], piecesCc: [] };
  const organ = (standardName: string): StructureFacts => ({
    ...structure,
    roiName: standardName,
    standardName,
    imageSeriesUid: '1.1',
    measures,
  });
  const found = (bodyPart: string, names: string[]) =>
    checkCourse({ ...course, images: [{ ...image, bodyPart }], structures: names.map(organ) }).find(
      ({ check }) => check === 'body_region',
    );
  assert.deepEqual(
    found('HEAD', ['Bladder', 'Prostate', 'SpinalCord'])?.findings.map(({ code, message }) => [code, message]),
    [['BODY_PART_DIFFERS', 'the header states HEAD, and the 2 organs with a mask lie in: pelvis']],
  );
  assert.equal(found('ABDOMEN', ['Bladder', 'Prostate'])?.verdict, 'PASS');
  assert.equal(found('HEAD', ['Bladder', 'Brain'])?.verdict, 'PASS');
  assert.equal(found('HEAD', ['Bladder'])?.verdict, 'PASS');
  assert.equal(found('WHOLEBODY', ['Bladder', 'Prostate'])?.verdict, 'SKIP');
  assert.equal(found('', ['Bladder', 'Prostate'])?.verdict, 'SKIP');
});

test('a dose joined to the planning image by a registration passes', () => {
  const verdict = (joinedFrameUids: string[]) =>
    checkCourse({ ...course, doses: [{ ...dose, frameOfReferenceUid: '1.8' }], joinedFrameUids }).find(
      ({ check }) => check === 'frames_of_reference',
    )?.verdict;
  assert.deepEqual([verdict(['1.8']), verdict(['1.7'])], ['PASS', 'FAIL']);
});

const cases: [code: string, severity: string, facts: Partial<CourseFacts>][] = [
  ['NO_DOSE', 'warning', { doses: [] }],
  ['NO_PLAN', 'warning', { plans: [] }],
  ['NO_STRUCTURES', 'warning', { structures: [] }],
  ['NO_TARGET', 'warning', { structures: [{ ...structure, roiName: 'Heart', interpretedType: 'ORGAN' }] }],
  ['UNEVEN_SLICES', 'warning', { images: [{ ...image, findings: [finding('UNEVEN_SLICES', '1.1', '')] }] }],
  ['FRAME_OF_REFERENCE_DIFFERS', 'error', { doses: [{ ...dose, frameOfReferenceUid: '1.8' }] }],
  [
    'FRAME_OF_REFERENCE_DIFFERS',
    'error',
    {
      structureSets: [{ ...set, frameOfReferenceUids: ['1.8'] }],
    },
  ],
  [
    'STRUCTURE_SET_IMAGES_BY_FRAME',
    'warning',
    { imageFindings: [finding('STRUCTURE_SET_IMAGES_BY_FRAME', '1.2', '')] },
  ],
  ['STRUCTURE_WITHOUT_MASK', 'warning', { structures: [{ ...structure, status: 'empty' }] }],
  ['LABEL_NOT_FOUND', 'info', { structures: [{ ...structure, source: 'totalsegmentator', status: 'empty' }] }],
  ['STRUCTURE_FAILED', 'error', { structures: [{ ...structure, status: 'failed' }] }],
  ['CUT_BY_IMAGE_BORDER', 'warning', { structures: [{ ...structure, touches: ['left'] }] }],
  ['AT_IMAGE_BORDER', 'info', { structures: [{ ...structure, touches: ['superior'] }] }],
  ['AT_IMAGE_BORDER', 'info', { structures: [{ ...structure, roiName: 'CouchSurface', touches: ['left'] }] }],
  ['NO_PRESCRIPTION', 'warning', { plans: [{ ...plan, prescriptionGy: undefined }] }],
  ['PLAN_NOT_APPROVED', 'info', { plans: [{ ...plan, approvalStatus: 'UNAPPROVED' }] }],
  ['FRACTIONS_DIFFER', 'warning', { fractionsDelivered: 33 }],
  ['DOSE_NOT_PHYSICAL', 'warning', { doses: [{ ...dose, doseType: 'EFFECTIVE' }] }],
  ['DOSE_ALL_ZERO', 'error', { doses: [{ ...dose, findings: [finding('DOSE_ALL_ZERO', '1.4', '')] }] }],
  ['TARGET_OUTSIDE_DOSE_GRID', 'error', { structures: [{ ...structure, doseCoverage: 0.9 }] }],
  [
    'OUTSIDE_DOSE_GRID',
    'warning',
    {
      structures: [
        structure,
        { ...structure, roiNumber: 2, roiName: 'Lung_L', interpretedType: 'ORGAN', doseCoverage: 0.9 },
      ],
    },
  ],
];

for (const [code, severity, facts] of cases) {
  test(`${code} is reported as ${severity} for ${Object.keys(facts).join(' and ')}, and nothing else`, () => {
    const results = checkCourse({ ...course, ...facts });
    const found = results.flatMap((result) => result.findings);
    assert.deepEqual(
      found.map((item) => [item.code, item.severity]),
      [[code, severity]],
    );
    const verdict = { error: 'FAIL', warning: 'WARNING', info: 'PASS' }[severity];
    assert.equal(overallVerdict(results), verdict);
  });
}

test('a dose grid covers a target from 99.9 % on, to allow for rounding at the surface', () => {
  const found = (doseCoverage: number) =>
    checkCourse({ ...course, structures: [{ ...structure, doseCoverage }] }).flatMap(({ findings }) => findings).length;
  assert.deepEqual([found(0.9991), found(0.9989)], [0, 1]);
});

test('findings of readers become rows, and each check without findings has a row', () => {
  const found = finding('SLICE_UNREADABLE', '1.1.7', 'the pixel data end early', [1, -2, 30.127]);
  const rows = qcRows({ course_id: 'c' }, checkCourse({ ...course, images: [{ ...image, findings: [found] }] }));
  assert.deepEqual(
    rows.find((row) => row.code === 'SLICE_UNREADABLE'),
    {
      course_id: 'c',
      ...NO_ROI,
      check: 'image_geometry',
      status: 'FAIL',
      severity: 'error',
      code: 'SLICE_UNREADABLE',
      where: '1.1.7',
      message: 'the pixel data end early',
      position_x_mm: 1,
      position_y_mm: -2,
      position_z_mm: 30.13,
    },
  );
  assert.equal(rows.filter((row) => row.check === 'plan' && row.status === 'PASS').length, 1);
  assert.equal(rows.at(-1)?.status, 'FAIL');
});

test('for one ROI number in two structure sets, rows name the structure set', () => {
  const empty = finding('ROI_EMPTY', 'ROI 1', '"PTV" has no contour that can be used');
  const subject = { roiNumber: 1, source: 'manual' };
  const facts: CourseFacts = {
    ...course,
    structureFindings: ['1.2', '1.3'].flatMap((structureSetUid) =>
      findingsOn({ ...subject, structureSetUid }, [empty, empty]),
    ),
    structures: ['1.2', '1.3', '1.4'].map((structureSetUid) => ({ ...structure, structureSetUid, status: 'empty' })),
  };
  const rows = qcRows({ course_id: 'c' }, checkCourse(facts));
  const about = (code: string) => rows.filter((row) => row.code === code).map((row) => row.structure_set_uid);
  assert.deepEqual(about('ROI_EMPTY'), ['1.2', '1.3']);
  assert.deepEqual(about('STRUCTURE_WITHOUT_MASK'), ['1.4']);
  assert.equal(repeatedKeys({ key: QC_KEY.filter((name) => !COURSE_KEY.includes(name)), rows }), 0);
});

test('a structure drawn beyond its image is reported once', () => {
  const drawn = finding('CUT_BY_IMAGE_BORDER', 'ROI 1', '2 of 9 contours reach beyond the image and are cut there');
  const { structureSetUid, roiNumber, source } = structure;
  const structureFindings = findingsOn({ structureSetUid, roiNumber, source }, [drawn]);
  const facts: CourseFacts = { ...course, structureFindings, structures: [{ ...structure, touches: ['left'] }] };
  const rows = qcRows({ course_id: 'c' }, checkCourse(facts)).filter(({ code }) => code === 'CUT_BY_IMAGE_BORDER');
  assert.deepEqual(
    rows.map(({ message }) => message),
    [drawn.message],
  );
});

test('a left organ lies to the left of the right one of the same structure set', () => {
  const organ = (standardName: string, x: number, structureSetUid = '1.2'): StructureFacts => ({
    ...structure,
    structureSetUid,
    roiName: standardName,
    standardName,
    volumeCc: 40,
    measures: { centroidMm: [x, 0, 0], piecesCc: [40] },
  });
  const swapped = (...structures: StructureFacts[]) =>
    checkCourse({ ...course, structures })
      .flatMap(({ findings }) => findings)
      .filter(({ code }) => code === 'LEFT_RIGHT_SWAPPED')
      .map(({ roi }) => roi?.roiName);
  // Patient coordinates grow to the left (PS3.3 C.7.6.2.1.1).
  const [left, right] = [organ('Femur_Head_L', 80), organ('Femur_Head_R', -80)];
  assert.deepEqual(swapped(left, right), []);
  assert.deepEqual(swapped(organ('Femur_Head_L', -80), organ('Femur_Head_R', 80)), ['Femur_Head_L']);
  assert.deepEqual(swapped(organ('Femur_Head_L', -80), organ('Femur_Head_R', 80, '1.7')), []);
});
