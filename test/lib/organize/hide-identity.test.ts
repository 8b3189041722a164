import assert from 'node:assert/strict';
import { test } from 'node:test';
import { organize } from '#lib/organize/organize.ts';
import { dose, imageSeries, options, plan, structureSet } from '#test/fixtures/index-rows.ts';

const ROWS = [...imageSeries(), structureSet(), plan({ prescribedGy: [60] }), dose()].map((row) => ({
  ...row,
  identity: ['miller', 'plan', 'beam', '123'],
}));

/** The same rows with words of the patient in what people type. */
function named() {
  return ROWS.map((row) => ({
    ...row,
    seriesDescription: 'CT of Miller',
    ...(row.plan && { plan: { ...row.plan, label: 'Miller 60' } }),
    ...(row.structureSet && {
      structureSet: {
        ...row.structureSet,
        label: 'by MILLER',
        rois: [{ number: 7, name: 'PTV Miller', interpretedType: 'PTV', frameOfReferenceUid: '', imageIndices: [] }],
      },
    }),
  }));
}

test('with pseudonyms no identifying word stays in a course, and a finding counts the changed texts', () => {
  const [course] = organize(named(), { ...options, identifiers: 'pseudonym' }).courses;
  assert.doesNotMatch(JSON.stringify(course), /miller/i);
  assert.equal(course.plans[0].plan.label, '*** 60');
  assert.equal(course.structureSets[0].header.rois[0].name, 'ROI_7');
  const found = course.findings.filter(({ code }) => code === 'IDENTITY_HIDDEN');
  assert.match(found[0].message, /^\d+ texts contained names or numbers/);
});

test('a patient named Beam or Plan does not change what the analysis reads', () => {
  const of = (identity: string[]) =>
    organize(
      ROWS.map((row) => ({ ...row, identity })),
      { ...options, identifiers: 'pseudonym' },
    ).courses[0];
  const { findings: _, ...course } = of(['plan', 'beam', 'physical', 'approved', 'ptv', 'referenced', 'ct']);
  const { findings: __, ...nobody } = of([]);
  const coded = ({ doses, images, structureSets, doseDecision }: typeof course) => ({
    doses: doses.map(({ header }) => [header.doseType, header.units, header.summationType]),
    images: images.map(({ modality, role }) => [modality, role]),
    types: structureSets.flatMap(({ header }) => header.rois.map(({ interpretedType }) => interpretedType)),
    selected: doseDecision.selected,
    rule: doseDecision.rule,
  });
  assert.deepEqual(coded(course as never), coded(nobody as never));
});

test('a course whose texts name nobody has no finding about hidden texts', () => {
  const rows = ROWS.map((row) => ({ ...row, identity: ['miller'] }));
  const [course] = organize(rows, { ...options, identifiers: 'pseudonym' }).courses;
  assert.ok(course.findings.every(({ code }) => code !== 'IDENTITY_HIDDEN'));
});

test('without pseudonyms labels are unchanged', () => {
  const [course] = organize(named(), options).courses;
  assert.equal(course.plans[0].plan.label, 'Miller 60');
});
