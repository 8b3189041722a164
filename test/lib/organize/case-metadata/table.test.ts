import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseMetadataTable } from '#lib/organize/case-metadata/table.ts';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { dosesTable, unassignedTable } from '#lib/organize/organize-tables.ts';
import { validateTable } from '#lib/tables/validate.ts';
import { dose, imageSeries, instance, options, plan, sessions, structureSet } from '#test/fixtures/index-rows.ts';

const ROIS = [
  { name: 'PTV_70', type: 'PTV' },
  { name: 'PTV_56', type: '' },
  { name: 'CTV_70', type: 'CTV' },
  { name: 'Body', type: 'EXTERNAL' },
  { name: 'Rectum', type: 'ORGAN' },
  { name: 'Bladder', type: '' },
];

const CASE = [
  ...imageSeries(),
  structureSet({ rois: ROIS }),
  plan({ label: 'SIB', prescribedGy: [70, 56], beams: 2, intent: 'CURATIVE', approval: 'APPROVED' }),
  dose(),
  ...sessions('plan', 3, 11),
];

function row(rows: IndexRow[], identifiers: 'id' | 'keep' = 'id') {
  const table = caseMetadataTable(organize(rows, { ...options, identifiers }).courses);
  validateTable(table);
  assert.equal(table.rows.length, 1);
  return table.rows[0];
}

test('each course is one row: plan, dose, images, patient and structures, each from its level of the objects', () => {
  const expected = {
    patient_id: 'patient',
    course_name: '2024-03',
    source_plan_uids: 'plan',
    source_dose_uids: 'dose',
    structure_set_uid: 'struct',
    planning_series_uid: 'ct',
    planning_status: 'referenced',
    planned_fractions: 30,
    beams_count: 2,
    beam_energies: '6',
    treatment_machine: 'Linac',
    total_prescription_gy: 70,
    prescription_source: 'target_prescription',
    course_start_date: '2024-03-11',
    course_end_date: '2024-03-13',
    fractions_count: 3,
    plan_label: 'SIB',
    plan_date: '2024-03-10',
    plan_intent: 'CURATIVE',
    approval: 'APPROVED',
    technique_inferred: 'VMAT',
    total_meterset: 200,
    dose_rule: 'single_dose',
    dose_summed: false,
    dose_summation_type: 'PLAN',
    dose_frame_spacing_mm: 2.5,
    dose_grid_scaling: 0.001,
    planning_modality: 'CT',
    planning_instances: 12,
    ct_manufacturer: 'Maker',
    ct_slice_increment_mm: 3,
    ct_rows: 64,
    patient_sex: 'F',
    patient_age_years: 74.2,
    roi_count: 6,
    ptv_count: 2,
    ctv_count: 1,
    gtv_count: 0,
    oar_count: 2,
  };
  const found = row(CASE);
  for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
  assert.deepEqual(
    JSON.parse(String(found.prescriptions_by_roi)).map((level: { dose_gy: number }) => level.dose_gy),
    [70, 56],
  );
});

test('names and birth dates appear only when identifiers are kept', () => {
  const names = ['patient_name', 'patient_birth_date', 'reviewer_name'];
  assert.deepEqual(
    names.map((name) => row(CASE)[name]),
    [null, null, null],
  );
  assert.deepEqual(
    names.map((name) => row(CASE, 'keep')[name]),
    ['Name^N', '1950-01-01', 'Reviewer^R'],
  );
});

test('angles are averaged on the circle', () => {
  const geometry = JSON.parse(String(row(CASE).beam_geometry));
  assert.deepEqual(geometry.gantry, { mean: 0, std: 10, unique: [10, 350] });
  const turned = CASE.map((one) =>
    one.plan ? { ...one, plan: { ...one.plan, beams: quarter(one.plan.beams) } } : one,
  );
  assert.deepEqual(JSON.parse(String(row(turned).beam_geometry)).gantry, { mean: 90, std: 10, unique: [80, 100] });
});

/** The same beams, a quarter turn on. */
function quarter<T extends { gantryDeg?: number }>(beams: T[]): T[] {
  return beams.map((beam) => ({ ...beam, gantryDeg: ((beam.gantryDeg ?? 0) + 90) % 360 }));
}

test('the slice increment is the median step, also of an even number of steps', () => {
  const heightsMm = [0, 3, 6, 10, 14];
  const uneven = imageSeries({ slices: heightsMm.length }).map((one, n) => ({
    ...one,
    image: { ...one.image!, positionMm: [-64, -64, heightsMm[n]] },
  }));
  assert.equal(row([...uneven, structureSet(), plan(), dose()]).ct_slice_increment_mm, 3.5);
});

test('competing plans without a decision give no summed numbers', () => {
  const rivals = ['a', 'b'].flatMap((uid) => [
    plan({ uid, label: uid, prescribedGy: [30] }),
    dose({ uid: `d${uid}`, plans: [uid] }),
  ]);
  const found = row([...imageSeries(), structureSet(), ...rivals]);
  assert.deepEqual(
    [found.dose_rule, found.total_prescription_gy, found.planned_fractions],
    ['ambiguous_no_sum', null, null],
  );
  assert.equal(found.source_dose_uids, null);
});

test('a course without dose takes the prescription of its only plan; of two plans it takes none', () => {
  const only = row([...imageSeries(), structureSet(), plan({ prescribedGy: [66, 54], fractions: 33 })]);
  assert.deepEqual(
    [only.total_prescription_gy, only.prescription_source, only.planned_fractions],
    [66, 'target_prescription', 33],
  );
  const beams = row([...imageSeries(), structureSet(), plan({ beamDoseGy: 2, fractions: 5 })]);
  assert.deepEqual([beams.total_prescription_gy, beams.prescription_source], [10, 'fraction_group']);
  const two = ['a', 'b'].map((uid) => plan({ uid, prescribedGy: [30] }));
  assert.equal(row([...imageSeries(), structureSet(), ...two]).total_prescription_gy, null);
});

test('a course with only images has nulls, not zeros, for missing values', () => {
  const found = row(imageSeries());
  const absent = [
    'planned_fractions',
    'beams_count',
    'total_prescription_gy',
    'total_meterset',
    'roi_count',
    'course_start_date',
  ];
  assert.deepEqual(
    absent.map((name) => found[name]),
    absent.map(() => null),
  );
  assert.equal(found.fractions_count, 0);
});

test('a weight in centimetres gives no body mass index', () => {
  const withSize = (heightM: number) =>
    row(imageSeries().map((image) => ({ ...image, patient: { ...image.patient, weightKg: 80, heightM } })));
  assert.ok(Math.abs(Number(withSize(1.6).patient_bmi) - 31.25) < 1e-9);
  assert.equal(withSize(160).patient_bmi, null);
});

test('every column has a meaning, and a unit in its name matches its unit', () => {
  const { columns } = caseMetadataTable([]);
  assert.ok(columns.every((column) => column.meaning !== ''));
  for (const column of columns.filter((c) => c.name.endsWith('_mm'))) assert.equal(column.unit, 'mm', column.name);
  for (const column of columns.filter((c) => c.name.endsWith('_gy'))) assert.equal(column.unit, 'Gy', column.name);
});

test('the tables of doses and unassigned instances match their columns', () => {
  const organized = organize(
    [...CASE, dose({ uid: 'old', created: '2020-01-01' }), instance('other', 'sr', 'SR')],
    options,
  );
  const doses = dosesTable(organized.courses);
  validateTable(doses);
  assert.deepEqual(
    doses.rows.map((r) => [r.dose_uid, r.selected, r.weight]),
    [
      ['dose', true, 1],
      ['old', false, null],
    ],
  );
  const rest = unassignedTable(organized.unassigned);
  validateTable(rest);
  assert.deepEqual(
    rest.rows.map((r) => [r.sop_instance_uid, r.reason]),
    [['sr', 'unsupported_object']],
  );
});
