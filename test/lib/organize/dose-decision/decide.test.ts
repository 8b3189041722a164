import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import type { DoseDecision } from '#lib/rt/dose-decision.ts';
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

const images = [...imageSeries(), structureSet()];
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** The decision of the only course with a dose that the rows make with a CT and its structure set. */
function decide(rows: IndexRow[]): DoseDecision {
  const { courses } = organize([...images, ...rows], options);
  const decisions = courses.map((course) => course.doseDecision).filter((d) => d.candidates.length > 0);
  assert.equal(decisions.length, 1, 'the rows make one course with doses');
  return decisions[0];
}

/** Plans with a PLAN dose each: plan `a` has dose `dose-a`. */
function planned(...specs: PlanSpec[]): IndexRow[] {
  return specs.flatMap((spec) => [plan(spec), dose({ uid: `dose-${spec.uid}`, plans: [spec.uid!] })]);
}

function selected(decision: DoseDecision): string[] {
  return decision.selected.map((entry) => entry.doseUid).sort();
}

interface Case {
  title: string;
  rows: IndexRow[];
  rule: string;
  selected: string[];
  prescriptionGy: number | null;
}

const CASES: Case[] = [
  {
    title: 'one plan with one dose is taken as it stands',
    rows: planned({ uid: 'a', prescribedGy: [60] }),
    rule: 'single_dose',
    selected: ['dose-a'],
    prescriptionGy: 60,
  },
  {
    title: 'the levels of a simultaneous integrated boost do not add up: 70/56 is 70 Gy',
    rows: planned({ uid: 'a', label: 'HN SIB', prescribedGy: [70, 56] }),
    rule: 'single_dose',
    selected: ['dose-a'],
    prescriptionGy: 70,
  },
  {
    title: 'a sum over plans is used in place of what it sums',
    rows: [
      ...planned({ uid: 'a', prescribedGy: [50] }, { uid: 'b', label: 'Boost', prescribedGy: [16] }),
      dose({ uid: 'sum', type: 'MULTI_PLAN', plans: ['a', 'b'] }),
    ],
    rule: 'PLAN_SUM_used',
    selected: ['sum'],
    prescriptionGy: 66,
  },
  {
    title: 'a PLAN dose that names several plans is a sum',
    rows: [
      ...planned({ uid: 'a', prescribedGy: [50] }, { uid: 'b', prescribedGy: [16] }),
      dose({ uid: 'sum', plans: ['a', 'b'] }),
    ],
    rule: 'PLAN_SUM_used',
    selected: ['sum'],
    prescriptionGy: 66,
  },
  {
    title: 'a third phase that the plan sum does not hold is added to it',
    rows: [
      ...planned(
        { uid: 'a', prescribedGy: [40] },
        { uid: 'b', prescribedGy: [10] },
        { uid: 'c', label: 'Boost 2', prescribedGy: [6], date: '2024-05-01' },
      ),
      dose({ uid: 'sum', type: 'PLAN_SUM', plans: ['a', 'b'] }),
    ],
    rule: 'primary_boost_summed',
    selected: ['dose-c', 'sum'],
    prescriptionGy: 56,
  },
  {
    title: 'the dose of the plan wins over the doses of its beams',
    rows: [
      ...planned({ uid: 'a', prescribedGy: [60], beams: 2 }),
      dose({ uid: 'beam-1', type: 'BEAM', plans: ['a'], beamNumbers: [1] }),
      dose({ uid: 'beam-2', type: 'BEAM', plans: ['a'], beamNumbers: [2] }),
    ],
    rule: 'single_dose',
    selected: ['dose-a'],
    prescriptionGy: 60,
  },
  {
    title: 'the beams of one plan are summed when all are there',
    rows: [
      plan({ uid: 'a', prescribedGy: [60], beams: 2 }),
      dose({ uid: 'beam-1', type: 'BEAM', plans: ['a'], beamNumbers: [1] }),
      dose({ uid: 'beam-2', type: 'BEAM', plans: ['a'], beamNumbers: [2] }),
    ],
    rule: 'beam_doses_summed_to_plan',
    selected: ['beam-1', 'beam-2'],
    prescriptionGy: 60,
  },
  {
    title: 'beams of a plan with one missing are not its dose',
    rows: [
      plan({ uid: 'a', prescribedGy: [60], beams: 3 }),
      dose({ uid: 'beam-1', type: 'BEAM', plans: ['a'], beamNumbers: [1] }),
      dose({ uid: 'beam-2', type: 'BEAM', plans: ['a'], beamNumbers: [2] }),
    ],
    rule: 'no_usable_dose',
    selected: [],
    prescriptionGy: null,
  },
  {
    title: 'FRACTION is the whole of a fraction group, so one is the dose of the plan that has one group',
    rows: [
      plan({ uid: 'a', prescribedGy: [60] }),
      dose({ uid: 'fraction', type: 'FRACTION', plans: ['a'], fractionGroups: [1] }),
    ],
    rule: 'fraction_doses_summed_to_plan',
    selected: ['fraction'],
    prescriptionGy: 60,
  },
  {
    title: 'one session is multiplied by the planned fractions',
    rows: [
      plan({ uid: 'a', prescribedGy: [60], fractions: 30 }),
      dose({ uid: 'session', type: 'FRACTION_SESSION', plans: ['a'] }),
    ],
    rule: 'session_doses_scaled_to_plan',
    selected: ['session'],
    prescriptionGy: 60,
  },
  {
    title: 'a boost by name is added to the primary',
    rows: planned(
      { uid: 'a', label: 'Breast', prescribedGy: [50] },
      { uid: 'b', label: 'Breast_Boost', prescribedGy: [16] },
    ),
    rule: 'primary_boost_summed',
    selected: ['dose-a', 'dose-b'],
    prescriptionGy: 66,
  },
  {
    title: 'a ratio of prescriptions like that of a boost is no evidence of one',
    rows: planned({ uid: 'a', label: 'Breast', prescribedGy: [50] }, { uid: 'b', label: 'Bed', prescribedGy: [16] }),
    rule: 'ambiguous_no_sum',
    selected: [],
    prescriptionGy: null,
  },
  {
    title: 'a replan keeps the dose first intended',
    rows: planned(
      { uid: 'a', label: 'Prostate', prescribedGy: [78] },
      { uid: 'b', label: 'Prostate replan', prescribedGy: [78], date: '2024-04-01' },
    ),
    rule: 'replan_itt_first',
    selected: ['dose-a'],
    prescriptionGy: 78,
  },
  {
    title: 'a boost is not lost beside a replan of the primary',
    rows: planned(
      { uid: 'a', label: 'Pelvis', prescribedGy: [46] },
      { uid: 'b', label: 'Pelvis adaptive', prescribedGy: [46], date: '2024-04-01' },
      { uid: 'c', label: 'Boost', prescribedGy: [32], date: '2024-04-20' },
    ),
    rule: 'replan_itt_first',
    selected: ['dose-a', 'dose-c'],
    prescriptionGy: 78,
  },
  {
    title: 'a plan named previous, or revision 1, is no replan',
    rows: planned(
      { uid: 'a', label: 'previous', prescribedGy: [50] },
      { uid: 'b', label: 'Boost rev1', prescribedGy: [16], date: '2024-04-01' },
    ),
    rule: 'primary_boost_summed',
    selected: ['dose-a', 'dose-b'],
    prescriptionGy: 66,
  },
  {
    title: 'three phases are summed, also one without a prescription, whose total is then unknown',
    rows: planned(
      { uid: 'a', label: 'Phase 1', prescribedGy: [50] },
      { uid: 'b', label: 'Ph2', prescribedGy: [10] },
      { uid: 'c', label: 'Phase III' },
    ),
    rule: 'phases_summed',
    selected: ['dose-a', 'dose-b', 'dose-c'],
    prescriptionGy: null,
  },
  {
    title: 'two unnamed phases of 30 Gy that were both delivered in full are 60 Gy',
    rows: [
      ...planned(
        { uid: 'a', label: 'A', prescribedGy: [30], fractions: 3 },
        { uid: 'b', label: 'B', prescribedGy: [30], fractions: 3 },
      ),
      ...sessions('a', 3, 11),
      ...sessions('b', 3, 14),
    ],
    rule: 'delivered_phases_summed',
    selected: ['dose-a', 'dose-b'],
    prescriptionGy: 60,
  },
  {
    title: 'two unnamed plans of 30 Gy without records are ambiguous, no replan',
    rows: planned({ uid: 'a', label: 'A', prescribedGy: [30] }, { uid: 'b', label: 'B', prescribedGy: [30] }),
    rule: 'ambiguous_no_sum',
    selected: [],
    prescriptionGy: null,
  },
  {
    title: 'of two unnamed plans the delivered one is taken',
    rows: [
      ...planned({ uid: 'a', label: 'A', prescribedGy: [30] }, { uid: 'b', label: 'B', prescribedGy: [30] }),
      ...sessions('b', 2, 11),
    ],
    rule: 'delivered_plan',
    selected: ['dose-b'],
    prescriptionGy: 30,
  },
  {
    title: 'of two unnamed plans the approved one is taken',
    rows: planned(
      { uid: 'a', label: 'A', prescribedGy: [30], approval: 'UNAPPROVED' },
      { uid: 'b', label: 'B', prescribedGy: [30], approval: 'APPROVED' },
    ),
    rule: 'approved_plan',
    selected: ['dose-b'],
    prescriptionGy: 30,
  },
  {
    title: 'records tell a replan: the first plan was broken off and the other went on with the rest',
    rows: [
      ...planned(
        { uid: 'a', label: 'A', prescribedGy: [60], fractions: 6 },
        { uid: 'b', label: 'B', prescribedGy: [40], fractions: 4 },
      ),
      ...sessions('a', 2, 11),
      ...sessions('b', 4, 15),
    ],
    rule: 'replan_itt_first',
    selected: ['dose-a'],
    prescriptionGy: 60,
  },
  {
    title: 'a plan that was replanned before its first fraction gives way',
    rows: [
      ...planned(
        { uid: 'a', label: 'A', prescribedGy: [60] },
        { uid: 'b', label: 'A v2', prescribedGy: [60], date: '2024-03-12' },
      ),
      ...sessions('b', 2, 15),
    ],
    rule: 'replan_itt_first',
    selected: ['dose-b'],
    prescriptionGy: 60,
  },
  {
    title: 'plans for verification and rejected plans are set aside',
    rows: planned(
      { uid: 'a', prescribedGy: [60] },
      { uid: 'b', prescribedGy: [60], intent: 'VERIFICATION' },
      { uid: 'c', prescribedGy: [60], approval: 'REJECTED' },
    ),
    rule: 'single_dose',
    selected: ['dose-a'],
    prescriptionGy: 60,
  },
  {
    title: 'doses of two regions are not summed',
    rows: [
      plan({ uid: 'a', prescribedGy: [20] }),
      dose({ uid: 'dose-a', plans: ['a'] }),
      plan({ uid: 'b', label: 'Boost', prescribedGy: [8] }),
      dose({ uid: 'dose-b', plans: ['b'], cornerMm: [-50, -50, 300] }),
    ],
    rule: 'separate_regions_no_sum',
    selected: [],
    prescriptionGy: null,
  },
  {
    title: 'beam doses that were added up are no prescription to tell a boost by',
    rows: planned(
      { uid: 'a', label: 'IMRT', beamDoseGy: 10, fractions: 5 },
      { uid: 'b', label: 'VMAT', beamDoseGy: 2, fractions: 5 },
    ),
    rule: 'ambiguous_no_sum',
    selected: [],
    prescriptionGy: null,
  },
  {
    title: 'relative, difference and gridless doses are not used beside an absolute one',
    rows: [
      ...planned({ uid: 'a', prescribedGy: [60] }),
      dose({ uid: 'relative', plans: ['a'], units: 'RELATIVE' }),
      dose({ uid: 'error', plans: ['a'], doseType: 'ERROR' }),
      dose({ uid: 'gridless', plans: ['a'], cornerMm: null }),
      dose({ uid: 'record', plans: ['a'], type: 'RECORD' }),
    ],
    rule: 'single_dose',
    selected: ['dose-a'],
    prescriptionGy: 60,
  },
  {
    title: 'of two doses of one plan the newest is used',
    rows: [...planned({ uid: 'a', prescribedGy: [60] }), dose({ uid: 'newer', plans: ['a'], created: '2024-03-15' })],
    rule: 'single_dose',
    selected: ['newer'],
    prescriptionGy: 60,
  },
];

for (const { title, rows, rule, selected: expected, prescriptionGy } of CASES) {
  test(title, () => {
    const decision = decide(rows);
    assert.equal(decision.rule, rule);
    assert.deepEqual(selected(decision), expected);
    assert.equal(decision.prescriptionGy, prescriptionGy);
    assert.equal(decision.sum, decision.selected.length > 1 || decision.selected.some((entry) => entry.weight !== 1));
  });
}

test('grids that share 30 % of the smaller one cover one region, grids that share less do not', () => {
  const ruleAt = (zMm: number) =>
    decide([
      plan({ uid: 'a', label: 'Phase 1', prescribedGy: [20] }),
      dose({ uid: 'dose-a', plans: ['a'] }),
      plan({ uid: 'b', label: 'Phase 2', prescribedGy: [8] }),
      dose({ uid: 'dose-b', plans: ['b'], cornerMm: [-50, -50, zMm] }),
    ]).rule;
  // Both cover 100 mm from their corner; the first begins at -50 mm.
  assert.equal(ruleAt(19), 'phases_summed');
  assert.equal(ruleAt(21), 'separate_regions_no_sum');
});

test('without images or structures the doses of one frame are summed, those of several frames are not', () => {
  const ruleOf = (frame: string) => {
    const first = planned({ uid: 'a', label: 'Phase 1' });
    const second = [plan({ uid: 'b', label: 'Phase 2' }), dose({ uid: 'dose-b', plans: ['b'], frame })];
    return organize([...first, ...second], options).courses[0].doseDecision.rule;
  };
  assert.equal(ruleOf('frame'), 'phases_summed');
  assert.equal(ruleOf('other'), 'separate_frames_no_sum');
});

test('doses of two frames of one structure set are not summed, though each has structures', () => {
  const rows = [
    ...imageSeries(),
    structureSet({ frames: ['frame', 'other'] }),
    ...planned({ uid: 'a', label: 'Phase 1', prescribedGy: [40] }),
    plan({ uid: 'b', label: 'Phase 2', prescribedGy: [20] }),
    dose({ uid: 'dose-b', plans: ['b'], frame: 'other' }),
  ];
  const decision = organize(rows, options).courses[0].doseDecision;
  assert.equal(decision.sum, false);
  assert.ok(decision.selected.length < 2, decision.rule);
});

test('two sums over plans that name no plan are not added', () => {
  const rows = ['x', 'y'].map((uid) => dose({ uid, plans: [], type: 'MULTI_PLAN' }));
  const decision = organize([...images, ...rows], options).courses[0].doseDecision;
  assert.equal(decision.sum, false);
  assert.ok(decision.selected.length < 2, decision.rule);
});

test('phases without a first one are summed with low confidence and a warning', () => {
  const of = (first: number) =>
    decide(
      planned(
        { uid: 'a', label: `Phase ${first}`, prescribedGy: [40] },
        { uid: 'b', label: `Phase ${first + 1}`, prescribedGy: [20] },
      ),
    );
  assert.deepEqual([of(1).warnings, of(2).warnings], [[], ['no plan is named phase 1']]);
  assert.equal(of(2).confidence, 'low');
});

test('a plan that began before the last fraction of another did not take over from it', () => {
  const rows = (firstDay: number) => [
    ...planned({ uid: 'a', prescribedGy: [60] }, { uid: 'b', prescribedGy: [60] }),
    ...sessions('a', 10, 1),
    ...sessions('b', 20, firstDay),
  ];
  assert.equal(
    decide(rows(11)).evidence.some((text) => text.includes('continues')),
    true,
  );
  assert.equal(
    decide(rows(10)).evidence.some((text) => text.includes('continues')),
    false,
  );
});

test('two boosts of the same name are alternatives, unless the records show both in full', () => {
  const rows = planned(
    { uid: 'a', label: 'Breast', prescribedGy: [50] },
    { uid: 'b', label: 'Boost', prescribedGy: [10], fractions: 2 },
    { uid: 'c', label: 'Boost', prescribedGy: [10], fractions: 2 },
  );
  assert.equal(decide(rows).rule, 'ambiguous_no_sum');
  const delivered = decide([...rows, ...sessions('b', 2, 11), ...sessions('c', 2, 14)]);
  assert.deepEqual([delivered.rule, delivered.prescriptionGy], ['primary_boost_summed', 70]);
});

test('two unnamed phases with a lost record are ambiguous, not a replan', () => {
  const decision = decide([
    ...planned(
      { uid: 'a', label: 'A', prescribedGy: [30], fractions: 5 },
      { uid: 'b', label: 'B', prescribedGy: [30], fractions: 5 },
    ),
    ...sessions('a', 4, 11),
    ...sessions('b', 5, 16),
  ]);
  assert.equal(decision.rule, 'ambiguous_no_sum');
});

test('a plan without dose, delivered or not, lowers the confidence in the total', () => {
  const rows = [...planned({ uid: 'a', prescribedGy: [50] }), plan({ uid: 'b', label: 'Boost', prescribedGy: [16] })];
  const decision = decide(rows);
  assert.deepEqual([selected(decision), decision.confidence], [['dose-a'], 'medium']);
  assert.ok(decision.warnings.some((warning) => warning.includes('plan b has no dose')));
  const delivered = decide([...rows, ...sessions('b', 2, 11)]);
  assert.ok(delivered.warnings.some((warning) => warning.includes('the total is too low')));
});

test('a warning lowers the confidence; a clear rule without one has high confidence', () => {
  assert.equal(decide(planned({ uid: 'a', prescribedGy: [50] })).confidence, 'high');
  const incomplete = [...planned({ uid: 'a', prescribedGy: [50], fractions: 5 }), ...sessions('a', 3, 11)];
  assert.equal(decide(incomplete).confidence, 'medium');
});

test('every dose is a candidate once, with a reason', () => {
  for (const { rows } of CASES) {
    const decision = decide(rows);
    const doses = rows.filter((row) => row.kind === 'dose').map((row) => row.sopInstanceUid);
    assert.deepEqual(decision.candidates.map((candidate) => candidate.doseUid).sort(), doses.sort());
    for (const candidate of decision.candidates) {
      assert.ok(candidate.reason !== '' && candidate.reason !== 'not considered', candidate.doseUid);
    }
    const chosen = decision.candidates.filter((candidate) => candidate.selected).map((c) => c.doseUid);
    assert.deepEqual(chosen.sort(), selected(decision));
  }
});

test('the dose of one session is weighted with the number of fractions', () => {
  const decision = decide([
    plan({ uid: 'a', prescribedGy: [60], fractions: 30 }),
    dose({ uid: 'session', type: 'FRACTION_SESSION', plans: ['a'] }),
  ]);
  assert.deepEqual(decision.selected, [{ doseUid: 'session', weight: 30 }]);
});

test('several parallel doses are alternatives', () => {
  const decision = decide(
    planned({ uid: 'a', label: 'A', prescribedGy: [30] }, { uid: 'b', label: 'B', prescribedGy: [30] }),
  );
  assert.deepEqual(
    decision.alternatives.map(({ doses, prescriptionGy }) => [doses, prescriptionGy]),
    [
      [[{ doseUid: 'dose-a', weight: 1 }], 30],
      [[{ doseUid: 'dose-b', weight: 1 }], 30],
    ],
  );
  assert.equal(decision.confidence, 'none');
});

test('a dose in another frame of reference is refused unless a rigid registration joins the frames', () => {
  const rows = [
    ...planned({ uid: 'a', prescribedGy: [50] }),
    plan({ uid: 'b', label: 'Boost', prescribedGy: [16] }),
    dose({ uid: 'dose-b', plans: ['b'], frame: 'other' }),
  ];
  const refused = decide(rows);
  assert.deepEqual(selected(refused), ['dose-a']);
  assert.equal(refused.candidates.find((c) => c.doseUid === 'dose-b')?.role, 'other_frame');
  assert.ok(refused.warnings.length > 0);

  const registered = decide([...rows, registration('reg', 'frame', 'other', IDENTITY)]);
  assert.deepEqual(selected(registered), ['dose-a', 'dose-b']);
  assert.deepEqual(registered.selected.find((entry) => entry.doseUid === 'dose-b')?.registrationUids, ['reg']);

  const scaled = IDENTITY.map((value, i) => (i === 0 ? 1.1 : value));
  assert.deepEqual(selected(decide([...rows, registration('reg', 'frame', 'other', scaled)])), ['dose-a']);
});

test('if every dose lies in another frame none is selected', () => {
  const decision = decide([plan({ uid: 'a' }), dose({ uid: 'dose-a', plans: ['a'], frame: 'other' })]);
  assert.equal(decision.rule, 'other_frame_of_reference');
  assert.deepEqual(decision.selected, []);
});

test('physical and effective doses are not summed', () => {
  const decision = decide([
    ...planned({ uid: 'a', prescribedGy: [50] }),
    plan({ uid: 'b', label: 'Boost', prescribedGy: [16] }),
    dose({ uid: 'dose-b', plans: ['b'], doseType: 'EFFECTIVE' }),
  ]);
  assert.equal(decision.rule, 'ambiguous_no_sum');
});

test('a dose without its plan is used, with unknown prescription and at most medium confidence', () => {
  const decision = decide([dose({ uid: 'orphan', type: 'FRACTION', plans: ['nowhere'], fractionGroups: [1] })]);
  assert.deepEqual(selected(decision), ['orphan']);
  assert.equal(decision.prescriptionGy, null);
  assert.equal(decision.confidence, 'medium');
});

test('a sum beyond 100 Gy gives a warning', () => {
  const decision = decide(
    planned({ uid: 'a', label: 'Phase 1', prescribedGy: [70] }, { uid: 'b', label: 'Phase 2', prescribedGy: [40] }),
  );
  assert.equal(decision.prescriptionGy, 110);
  assert.ok(decision.warnings.some((warning) => warning.includes('110 Gy')));
});
