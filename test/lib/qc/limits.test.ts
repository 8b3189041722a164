import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import type { CourseFacts, StructureFacts } from '#lib/qc/facts.ts';
import { checkCourse } from '#lib/qc/qc.ts';
import { rangeOf } from '#lib/qc/reference-ranges.ts';
import { TG263_NAMES } from '#lib/structures/names/tg263.ts';
import { course, dose, image, plan, structure } from '#test/fixtures/sound-course.ts';

const { qc } = parseConfig({});
const limits = qc.thresholds;
/** From a limit to a value beyond it. */
const ABOVE = 1.001;

function codes(facts: Partial<CourseFacts>): string[] {
  return checkCourse({ ...course, ...facts }, qc).flatMap(({ findings }) => findings.map(({ code }) => code));
}

function verdict(name: string, facts: Partial<CourseFacts>): string | undefined {
  return checkCourse({ ...course, ...facts }, qc).find(({ check }) => check === name)?.verdict;
}

const organ = (roiNumber: number, standardName: string, more: Partial<StructureFacts> = {}): StructureFacts => ({
  ...structure,
  roiNumber,
  roiName: standardName,
  standardName,
  interpretedType: 'ORGAN',
  imageSeriesUid: image.seriesInstanceUid,
  measures: { centroidMm: [0, 0, 0], piecesCc: [] },
  ...more,
});

const vessel = (medianHu: number) =>
  organ(1, 'A_Aorta', { measures: { centroidMm: [0, 0, 0], piecesCc: [], medianHu } });

const stereotactic = { ...plan, prescriptionGy: 3 * limits.stereotactic_fraction_gy, fractionsPlanned: 3 };
const spaced = (mm: number) => [{ ...dose, spacingMm: [1, mm, 1] }];
const session = (deliveredMeterset: number, isPart = false) => [
  { planUid: plan.sopInstanceUid, date: '2024-03-18', isPart, deliveredMeterset },
];
const oneBeam = (meterset: number, doseGy = 2) => [{ ...plan, beams: [{ ...plan.beams[0], doseGy, meterset }] }];

const LIMITS: [code: string, within: Partial<CourseFacts>, beyond: Partial<CourseFacts>][] = [
  ['DOSE_GRID_COARSE', { doses: spaced(limits.dose_spacing_mm) }, { doses: spaced(limits.dose_spacing_mm + 0.01) }],
  [
    'DOSE_GRID_COARSE',
    { plans: [stereotactic], doses: spaced(limits.stereotactic_dose_spacing_mm) },
    { plans: [stereotactic], doses: spaced(limits.stereotactic_dose_spacing_mm + 0.01) },
  ],
  [
    'METERSET_DIFFERS',
    { sessions: session(400 * (1 + limits.meterset_percent / 100 / ABOVE)) },
    { sessions: session(400 * (1 + (ABOVE * limits.meterset_percent) / 100)) },
  ],
  ['METERSET_DIFFERS', { sessions: session(100, true) }, { sessions: session(100) }],
  [
    'MU_UNUSUAL',
    { plans: oneBeam(2 * limits.mu_per_gy_least), sessions: [] },
    { plans: oneBeam((2 * limits.mu_per_gy_least) / ABOVE), sessions: [] },
  ],
  [
    'MU_UNUSUAL',
    { plans: oneBeam(2 * limits.mu_per_gy_most), sessions: [] },
    { plans: oneBeam(2 * limits.mu_per_gy_most * ABOVE), sessions: [] },
  ],
  [
    'MU_UNUSUAL',
    { plans: oneBeam(0.5 * limits.mu_per_gy_most, 0.5), sessions: [] },
    { plans: oneBeam(0.5 * limits.mu_per_gy_most * ABOVE, 0.5), sessions: [] },
  ],
  ['CONTRAST_DIFFERS', { structures: [vessel(limits.contrast_hu - 1)] }, { structures: [vessel(limits.contrast_hu)] }],
];

for (const [code, within, beyond] of LIMITS)
  test(`${code} begins beyond its limit, with ${Object.keys(beyond).join(' and ')}`, () => {
    assert.equal(codes(within).includes(code), false, 'at the limit');
    assert.equal(codes(beyond).includes(code), true, 'beyond it');
  });

test('monitor units are not judged where a beam says no dose, or no beam says monitor units', () => {
  const [beam] = plan.beams;
  const without = { ...beam, number: 2, doseGy: undefined };
  assert.equal(
    codes({ plans: [{ ...plan, beams: [{ ...beam, meterset: 9000 }, without] }] }).includes('MU_UNUSUAL'),
    false,
  );
  const unmetered = { ...plan, beams: [{ ...beam, meterset: undefined }] };
  assert.equal(codes({ plans: [unmetered], sessions: session(100) }).includes('METERSET_DIFFERS'), false);
  assert.equal(codes({ plans: [unmetered] }).includes('MU_UNUSUAL'), false);
});

test('a vessel without brightness denies an agent, but only well below the threshold', () => {
  const images = [{ ...image, contrastAgent: 'Iohexol' }];
  const found = (hu: number) => codes({ images, structures: [vessel(hu)] }).includes('CONTRAST_DIFFERS');
  assert.deepEqual([found(40), found(limits.contrast_hu * 0.71), found(limits.contrast_hu + 50)], [true, false, false]);
});

test('a check applies when one structure of several can be looked at', () => {
  const without = organ(2, 'Liver', { measures: undefined });
  assert.equal(verdict('contrast', { structures: [without] }), 'SKIP');
  assert.equal(verdict('contrast', { structures: [vessel(40), without] }), 'PASS');
  assert.equal(verdict('structure_volume', { structures: [without] }), 'SKIP');
  assert.equal(verdict('structure_volume', { structures: [organ(1, 'Liver', { volumeCc: 1500 }), without] }), 'PASS');
});

test('a target is held against the larger one of its name, whatever else overlaps', () => {
  const target = (roiNumber: number, name: string): StructureFacts => ({
    ...organ(roiNumber, name),
    interpretedType: name.slice(0, 3),
    volumeCc: 100,
  });
  const structures = [organ(1, 'Liver', { volumeCc: 1500 }), target(2, 'CTV_7000'), target(3, 'PTV_7000')];
  const shared = (sharedCc: number) => [
    { first: 0, second: 1, sharedCc: 5 },
    { first: 0, second: 2, sharedCc: 5 },
    { first: 1, second: 2, sharedCc },
  ];
  const found = (sharedCc: number) => codes({ structures, overlaps: shared(sharedCc) }).includes('TARGETS_NOT_NESTED');
  assert.equal(found(100.01 - limits.nesting_percent), false);
  assert.equal(found(99.99 - limits.nesting_percent), true);
  const inOrder = (first: number, second: number) =>
    codes({ structures: structures.toReversed(), overlaps: [{ first, second, sharedCc: 99.9 }] });
  assert.equal(inOrder(0, 1).includes('TARGETS_NOT_NESTED'), false, 'the larger target comes first');
  assert.equal(inOrder(0, 2).includes('TARGETS_NOT_NESTED'), true, 'another structure shares it');
});

test('left and right organs have one range, and the lungs hold at most what both hold', () => {
  const most = (name: string) => rangeOf(name).volumeCc?.[1] ?? Number.NaN;
  for (const name of TG263_NAMES.filter((one) => one.endsWith('_L') && !one.startsWith('Lung')))
    assert.deepEqual(rangeOf(name), rangeOf(name.replace(/_L$/, '_R')), name);
  assert.equal(most('Lungs'), most('Lung_L') + most('Lung_R'));
});
