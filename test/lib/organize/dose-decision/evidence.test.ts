import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import type { Course } from '#lib/rt/course.ts';
import {
  dose,
  imageSeries,
  options,
  type PlanSpec,
  plan,
  registration,
  sessions,
  structureSet,
} from '#test/fixtures/index-rows.ts';

const TARGETS = [
  { name: 'PTV', type: 'PTV', halfMm: 40 },
  { name: 'PTV boost', type: 'PTV', halfMm: 20 },
  { name: 'PTV other', type: 'PTV', halfMm: 60 },
];

function course(rows: IndexRow[]): Course {
  return organize([...imageSeries(), structureSet({ rois: TARGETS }), ...rows], options).courses[0];
}

function codes({ findings }: Course): string[] {
  return [...new Set(findings.map(({ code }) => code))].filter((code) => /^DOSE_|^NO_SUM/.test(code));
}

/** Rule, and the doses that are selected or stand side by side. */
function outcome(rows: IndexRow[]): [string, string[], string[][]] {
  const { doseDecision: d } = course(rows);
  return [d.rule, d.selected.map((one) => one.doseUid), d.alternatives.map((one) => one.doses.map((s) => s.doseUid))];
}

function planned(...specs: PlanSpec[]): IndexRow[] {
  return specs.flatMap((spec) => [plan(spec), dose({ uid: `dose-${spec.uid}`, plans: [spec.uid!] })]);
}

const A = { uid: 'a', label: 'A', prescribedGy: [50], fractions: 5, roiNumber: 1 };
const B = { uid: 'b', label: 'B', prescribedGy: [16], fractions: 2, roiNumber: 1 };
const INNER = { ...B, roiNumber: 2 };
const LATER = { date: '2024-04-20' };
const YES = { approval: 'APPROVED' };
const NO = { approval: 'UNAPPROVED' };

/** Each row of the table of evidence in docs/organize.md. */
const EVIDENCE: [title: string, rows: IndexRow[], rule: string, selected: string[]][] = [
  ['nothing', planned(A, B), 'ambiguous_no_sum', []],
  [
    'phases in the labels',
    planned({ ...A, label: 'Phase 1' }, { ...B, label: 'Phase 2' }),
    'phases_summed',
    ['a', 'b'],
  ],
  ['a boost in the label', planned(A, { ...B, label: 'Boost' }), 'primary_boost_summed', ['a', 'b']],
  [
    'records of both in full',
    [...planned(A, B), ...sessions('a', 5, 1), ...sessions('b', 2, 10)],
    'delivered_phases_summed',
    ['a', 'b'],
  ],
  ['records of one', [...planned(A, B), ...sessions('b', 1, 10)], 'delivered_plan', ['b']],
  [
    'records of both in part',
    [...planned(A, B), ...sessions('a', 4, 1), ...sessions('b', 2, 10)],
    'ambiguous_no_sum',
    [],
  ],
  [
    'a prior plan',
    planned(A, { ...B, related: [{ uid: 'a', relationship: 'PRIOR' }] }),
    'related_plans_summed',
    ['a', 'b'],
  ],
  [
    'a concurrent plan',
    planned({ ...A, related: [{ uid: 'b', relationship: 'CONCURRENT' }] }, B),
    'related_plans_summed',
    ['a', 'b'],
  ],
  [
    'an alternative plan',
    planned({ ...A, ...YES }, { ...INNER, ...YES, related: [{ uid: 'a', relationship: 'ALTERNATIVE' }] }),
    'ambiguous_no_sum',
    [],
  ],
  [
    'a predecessor, from which a plan is derived',
    planned(A, { ...B, related: [{ uid: 'a', relationship: 'PREDECESSOR' }] }),
    'ambiguous_no_sum',
    [],
  ],
  ['approval of one, the other explicitly not', planned({ ...A, ...NO }, { ...B, ...YES }), 'approved_plan', ['b']],
  ['approval of one, the other without a word', planned(A, { ...B, ...YES }), 'ambiguous_no_sum', []],
  ['approval of both', planned({ ...A, ...YES }, { ...B, ...YES }), 'ambiguous_no_sum', []],
  ['dates in sequence', planned(A, { ...B, ...LATER }), 'ambiguous_no_sum', []],
  [
    'approval of both and dates in sequence, which a replan has too',
    planned({ ...A, ...YES }, { ...B, ...YES, ...LATER }),
    'ambiguous_no_sum',
    [],
  ],
  ['targets one in the other', planned(A, INNER), 'ambiguous_no_sum', []],
  [
    'targets one in the other and approval',
    planned({ ...A, ...YES }, { ...INNER, ...YES }),
    'nested_targets_summed',
    ['a', 'b'],
  ],
  ['targets one in the other and dates', planned(A, { ...INNER, ...LATER }), 'nested_targets_summed', ['a', 'b']],
  [
    'targets one in the other and dates a week apart',
    planned(A, { ...INNER, date: '2024-03-17' }),
    'nested_targets_summed',
    ['a', 'b'],
  ],
  [
    'targets one in the other and dates six days apart',
    planned(A, { ...INNER, date: '2024-03-16' }),
    'ambiguous_no_sum',
    [],
  ],
  [
    'the same target, approval and dates',
    planned({ ...A, ...YES }, { ...B, ...YES, ...LATER }),
    'ambiguous_no_sum',
    [],
  ],
  [
    'a plan that names no target, and approval',
    planned({ ...A, ...YES, roiNumber: undefined }, { ...INNER, ...YES }),
    'ambiguous_no_sum',
    [],
  ],
];

for (const [title, rows, rule, selected] of EVIDENCE)
  test(`evidence that two plans add up: ${title}`, () => {
    const [found, doses, alternatives] = outcome(rows);
    assert.deepEqual([found, doses.toSorted()], [rule, selected.map((uid) => `dose-${uid}`)]);
    if (rule === 'ambiguous_no_sum') assert.deepEqual(alternatives.toSorted(), [['dose-a'], ['dose-b']]);
  });

test('two doses of one plan make all plans of a course alternatives, wherever they stand among them', () => {
  const revised = (uid: string) => dose({ uid: `again-${uid}`, plans: [uid], created: '' });
  for (const uid of ['a', 'b', 'c']) {
    const phases = planned(
      { ...A, label: 'Phase 1' },
      { ...B, label: 'Phase 2' },
      { ...B, uid: 'c', label: 'Phase 3' },
    );
    assert.equal(outcome([...phases, revised(uid)])[0], 'ambiguous_no_sum', uid);
  }
  const delivered = [...planned(A, B), ...sessions('a', 5, 1), ...sessions('b', 2, 10)];
  assert.equal(outcome([...delivered, revised('a')])[0], 'ambiguous_no_sum', 'a plan given once counts once');
});

test('each alternative keeps the prescription of its plan, and the course says that nothing decides', () => {
  const found = course(planned({ ...A, prescribedGy: [54] }, { ...B, prescribedGy: [40] }));
  assert.deepEqual(
    found.doseDecision.alternatives.map((one) => one.prescriptionGy),
    [54, 40],
  );
  assert.ok(codes(found).includes('DOSE_UNDECIDED'));
});

const SAME_GRID: [title: string, first: object, second: object, selected: string[], codes: string[]][] = [
  ['the newer one is a revision', {}, { created: '2024-03-15' }, ['second'], ['DOSE_REVISED']],
  [
    'the later one of a day is a revision',
    { createdTime: '10:00:00' },
    { createdTime: '09:00:00' },
    ['first'],
    ['DOSE_REVISED'],
  ],
  ['without a date that tells them apart both stand side by side', {}, {}, [], ['DOSE_DECISION', 'DOSE_UNDECIDED']],
  [
    'one without a date tells nothing',
    { created: '' },
    { created: '2024-03-15' },
    [],
    ['DOSE_DECISION', 'DOSE_UNDECIDED'],
  ],
];

for (const [title, first, second, selected, expected] of SAME_GRID)
  test(`two doses of one plan on one grid: ${title}`, () => {
    const found = course([
      plan(A),
      dose({ uid: 'first', plans: ['a'], ...first }),
      dose({ uid: 'second', plans: ['a'], ...second }),
    ]);
    assert.deepEqual(
      found.doseDecision.selected.map(({ doseUid }) => doseUid),
      selected,
    );
    assert.deepEqual(codes(found), expected);
    if (selected.length === 0) assert.equal(found.doseDecision.alternatives.length, 2);
  });

/** Doses of plan `a` at different heights, made at different times. */
function stacked(heightsMm: number[], frames: number, spacingMm?: (n: number) => number): IndexRow[] {
  return heightsMm.map((z, n) =>
    dose({
      uid: `part-${n}`,
      plans: ['a'],
      cornerMm: [-50, -50, z],
      frames,
      created: `2024-03-${11 + n}`,
      spacingMm: spacingMm?.(n),
    }),
  );
}

test('one RTDOSE per plane forms one dose, whatever their dates', () => {
  const found = course([plan(A), ...stacked([0, 2.5, 5, 7.5, 10], 1)]);
  const [chosen] = found.doseDecision.selected;
  assert.deepEqual(chosen.tileUids, ['part-0', 'part-1', 'part-2', 'part-3', 'part-4']);
  assert.deepEqual([found.doseDecision.rule, codes(found)], ['single_dose', ['DOSE_ASSEMBLED']]);
  assert.ok(found.doseDecision.candidates.every((candidate) => candidate.selected && candidate.role === 'total'));
});

test('a missing plane is reported', () => {
  const found = course([plan(A), ...stacked([0, 2.5, 7.5, 10, 12.5], 1)]);
  assert.deepEqual(codes(found), ['DOSE_ASSEMBLED', 'DOSE_PLANES_MISSING']);
});

test('two adjacent dose boxes form one dose', () => {
  const found = course([plan(A), ...stacked([0, 10], 4)]);
  assert.deepEqual(found.doseDecision.selected[0].tileUids, ['part-0', 'part-1']);
});

test('distant boxes, and boxes with other voxels, stay separate by place', () => {
  for (const rows of [stacked([0, 300], 4), stacked([0, 10], 4, (n) => 2.5 - n)]) {
    const found = course([plan(A), ...rows]);
    assert.deepEqual(found.doseDecision.selected[0].placeUids, ['part-0', 'part-1']);
    assert.deepEqual(codes(found), ['DOSE_BY_PLACE']);
  }
});

test('the planes of each beam are combined before the beams are added', () => {
  const beams = [1, 2].flatMap((number) =>
    stacked([0, 2.5, 5], 1).map((row, n) => {
      const header = row.dose!;
      const planReferences = [{ ...header.planReferences[0], beamNumbers: [number] }];
      const uid = `beam-${number}-${n}`;
      return {
        ...row,
        sopInstanceUid: uid,
        dose: { ...header, sopInstanceUid: uid, summationType: 'BEAM' as const, planReferences },
      };
    }),
  );
  const { doseDecision } = course([plan({ ...A, beams: 2 }), ...beams]);
  assert.equal(doseDecision.rule, 'beam_doses_summed_to_plan');
  assert.deepEqual(
    doseDecision.selected.map(({ tileUids }) => tileUids?.length),
    [3, 3],
  );
});

/** A plan with a physical and an effective dose; the physical one is the newer. */
function twoTypes(spec: PlanSpec): IndexRow[] {
  return [
    plan(spec),
    dose({ uid: `effective-${spec.uid}`, plans: [spec.uid!], doseType: 'EFFECTIVE' }),
    dose({ uid: `physical-${spec.uid}`, plans: [spec.uid!], created: '2024-03-15' }),
  ];
}

for (const [radiationType, type] of [
  ['PROTON', 'effective'],
  ['ION', 'effective'],
  ['PHOTON', 'physical'],
  ['ELECTRON', 'physical'],
])
  test(`of two dose types of a ${radiationType} plan the ${type} one is selected, and the other is kept`, () => {
    const found = course(twoTypes({ ...A, radiationType }));
    const { selected, otherTypes } = found.doseDecision;
    const other = type === 'effective' ? 'physical' : 'effective';
    assert.deepEqual([selected[0].doseUid, otherTypes[0].doses[0].doseUid], [`${type}-a`, `${other}-a`]);
    assert.deepEqual(codes(found), ['DOSE_TYPE_CHOSEN']);
  });

test('two proton plans with both types are summed type by type', () => {
  const specs = [
    { ...A, label: 'Phase 1', radiationType: 'PROTON' },
    { ...B, label: 'Phase 2', radiationType: 'PROTON' },
  ];
  const { selected, otherTypes } = course(specs.flatMap(twoTypes)).doseDecision;
  assert.deepEqual(selected.map(({ doseUid }) => doseUid).toSorted(), ['effective-a', 'effective-b']);
  assert.deepEqual(otherTypes[0].doses.map(({ doseUid }) => doseUid).toSorted(), ['physical-a', 'physical-b']);
});

test('without the plan both dose types are evaluated', () => {
  const [, ...doses] = twoTypes(A);
  assert.deepEqual(outcome(doses), ['ambiguous_no_sum', [], [['effective-a'], ['physical-a']]]);
});

test('a proton plan with only a physical dose gives a warning', () => {
  const { doseDecision } = course([plan({ ...A, radiationType: 'PROTON' }), dose({ uid: 'physical', plans: ['a'] })]);
  assert.ok(doseDecision.warnings.some((warning) => warning.includes('RBE-weighted')));
});

/** Sessions of an adaptive course: each with image, structure set, plan and dose in a frame of its own. */
function adaptive(count: number, label = (n: number) => `ADP${n}`, fractions = 1): IndexRow[] {
  return Array.from({ length: count }, (_, n) => n).flatMap((n) => {
    const frame = `frame-${n}`;
    const uid = `plan-${n}`;
    return [
      ...imageSeries({ series: `ct-${n}`, frame }),
      structureSet({ uid: `set-${n}`, series: `ct-${n}`, frame }),
      plan({
        uid,
        structureSet: `set-${n}`,
        frame,
        label: label(n),
        fractions,
        prescribedGy: [8],
        date: `2024-03-0${n + 1}`,
      }),
      dose({ uid: `dose-${n}`, plans: [uid], frame, cornerMm: [n === 0 ? -50 : -550, -50, -50] }),
    ];
  });
}

test('each adaptive session keeps its frame and fraction, and the course says why there is no sum', () => {
  const [found, ...others] = organize(adaptive(3), options).courses;
  assert.equal(others.length, 0);
  assert.equal(found.doseDecision.rule, 'separate_frames_no_sum');
  assert.deepEqual(
    found.doseDecision.alternatives.map((one) => [one.doses[0].doseUid, one.fractionNumber, one.prescriptionGy]),
    [0, 1, 2].map((n) => [`dose-${n}`, n + 1, 8]),
  );
  assert.ok(codes(found).includes('NO_SUM_WITHOUT_REGISTRATION'));
});

for (const label of ['ADP', 'Adaptive v'])
  test(`rigid registrations join adaptive sessions named ${label} to one sum`, () => {
    const matrix = [1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const registrations = [1, 2].map((n) => registration(`reg-${n}`, 'frame-0', `frame-${n}`, matrix));
    const [found] = organize([...adaptive(3, (n) => `${label}${n}`), ...registrations], options).courses;
    assert.equal(found.doseDecision.selected.length, 3);
    assert.equal(found.doseDecision.prescriptionGy, 24);
    assert.deepEqual(found.doseDecision.selected[1].registrationUids, ['reg-1']);
  });

test('plans of many fractions in separate frames are not sessions, and a registration does not add them', () => {
  const join = registration('reg', 'frame-0', 'frame-1', [1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const [found] = organize([...adaptive(2, (n) => `P${n}`, 30), join], options).courses;
  assert.equal(found.doseDecision.rule, 'ambiguous_no_sum');
});
