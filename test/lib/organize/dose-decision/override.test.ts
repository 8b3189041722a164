import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DoseOverride, doseOverrideSchema } from '#lib/organize/dose-decision/override-file.ts';
import { organize } from '#lib/organize/organize.ts';
import { dose, imageSeries, options, plan, structureSet } from '#test/fixtures/index-rows.ts';

const rows = [
  ...imageSeries(),
  structureSet(),
  ...['a', 'b'].flatMap((uid) => [
    plan({ uid, label: uid, prescribedGy: [30] }),
    dose({ uid: `dose-${uid}`, plans: [uid] }),
  ]),
];
const { courseId } = organize(rows, options).courses[0];

function decide(entry: unknown) {
  const doseOverride: DoseOverride = doseOverrideSchema.parse({ courses: { [courseId]: entry } });
  return organize(rows, { ...options, doseOverride }).courses[0].doseDecision;
}

test('an override replaces the rules and is stored with its reason', () => {
  const decision = decide({
    doses: ['dose-a', { dose_uid: 'dose-b', weight: 0.5 }],
    prescription_gy: 45,
    reason: 'half of plan b was given',
  });
  assert.equal(decision.rule, 'override');
  assert.deepEqual(decision.selected, [
    { doseUid: 'dose-a', weight: 1 },
    { doseUid: 'dose-b', weight: 0.5 },
  ]);
  assert.equal(decision.sum, true);
  assert.equal(decision.prescriptionGy, 45);
  assert.ok(decision.candidates.every((c) => c.selected && c.reason.includes('half of plan b was given')));
});

test('an override may say that the course has no dose', () => {
  assert.deepEqual(decide({ doses: [], reason: 'test export' }).selected, []);
});

test('an override that names an unknown dose selects nothing', () => {
  const decision = decide({ doses: ['dose-a', 'elsewhere'], reason: 'typing error' });
  assert.equal(decision.rule, 'override_invalid');
  assert.deepEqual(decision.selected, []);
  assert.ok(decision.warnings.some((warning) => warning.includes('elsewhere')));
});

test('an override affects only its own course', () => {
  const doseOverride = doseOverrideSchema.parse({ courses: { other: { doses: ['x'], reason: 'other' } } });
  assert.deepEqual(organize(rows, { ...options, doseOverride }), organize(rows, options));
});

test('the schema refuses unknown keys, a missing reason and weights that are not positive', () => {
  const bad = [
    { doses: [], reason: 'x', dose: [] },
    { doses: [] },
    { doses: [{ dose_uid: 'a', weight: 0 }], reason: 'x' },
    { doses: [{ dose_uid: 'a', weight: -1 }], reason: 'x' },
  ];
  for (const entry of bad) assert.equal(doseOverrideSchema.safeParse({ courses: { c: entry } }).success, false);
});
