import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import type { Course } from '#lib/rt/course.ts';
import {
  dose,
  imageSeries,
  instance,
  options,
  plan,
  registration,
  segmentation,
  seriesReference,
  sessions,
  structureSet,
  treatmentRecord,
} from '#test/fixtures/index-rows.ts';

const COMPLETE = [...imageSeries(), structureSet(), plan({ prescribedGy: [60] }), dose()];

function only<T>(items: T[]): T {
  assert.equal(items.length, 1);
  return items[0];
}

test('plan, dose, structure set and images that refer to each other form one course', () => {
  const { courses, unassigned, counts } = organize(COMPLETE, options);
  const course = only(courses);
  assert.equal(course.planningStatus, 'referenced');
  assert.equal(course.planningSeriesUid, 'ct');
  assert.equal(only(course.structureSets).role, 'primary');
  assert.deepEqual(only(course.doses).planUids, ['plan']);
  assert.equal(only(course.plans).structureSetUid, 'struct');
  assert.equal(course.displayName, '2024-03');
  assert.deepEqual(unassigned, []);
  assert.deepEqual(counts, { instances: 15, assigned: 15, duplicates: 0, unassigned: 0 });
});

test('an object that the rules cannot handle costs only its patient, each instance with the reason', () => {
  const odd = [instance('plan', 'odd', 'RTPLAN', { patient: 'other', study: 'other', frame: 'other' })];
  const { courses, unassigned, counts } = organize([...COMPLETE, ...odd], options);
  assert.equal(only(courses).planningStatus, 'referenced');
  const { reason, message, patientId, sopInstanceUid } = only(unassigned);
  assert.deepEqual([reason, patientId, sopInstanceUid], ['not_organized', 'other', 'odd']);
  assert.match(message, /could not be sorted into courses: Cannot read properties of undefined/);
  assert.deepEqual(counts, { instances: 16, assigned: 15, duplicates: 0, unassigned: 1 });
});

test('while no dose is chosen, the structure set of the earliest plan is primary, in whatever order the plans come', () => {
  const rows = [
    ...imageSeries(),
    structureSet({ uid: 'late', instances: [] }),
    structureSet({ uid: 'early', instances: [] }),
    structureSet({ uid: 'undated', instances: [] }),
    plan({ uid: 'undated plan', structureSet: 'undated', date: '' }),
    plan({ uid: 'late plan', structureSet: 'late', date: '2024-03-08' }),
    plan({ uid: 'early plan', structureSet: 'early', date: '2024-03-01' }),
  ];
  for (const order of [rows, rows.toReversed()]) {
    const sets = organize(order, options).courses.flatMap((course) => course.structureSets);
    assert.deepEqual(
      sets.filter(({ role }) => role === 'primary').map(({ sopInstanceUid }) => sopInstanceUid),
      ['early'],
    );
  }
});

test('without plans the structure set on a CT is primary, then the latest, then the one of the lowest UID', () => {
  const primaryOf = (...sets: IndexRow[]) =>
    organize([...imageSeries(), ...imageSeries({ series: 'mr', modality: 'MR' }), ...sets], options)
      .courses.flatMap(({ structureSets }) => structureSets)
      .filter(({ role }) => role === 'primary')
      .map(({ sopInstanceUid }) => sopInstanceUid);
  const onCt = structureSet({ uid: 'on ct', date: '2024-03-01' });
  const onMr = structureSet({ uid: 'on mr', series: 'mr', date: '2024-03-09' });
  assert.deepEqual(primaryOf(onCt, onMr), ['on ct']);
  const later = structureSet({ uid: 'later', date: '2024-03-02' });
  assert.deepEqual(primaryOf(onCt, later), ['later']);
  assert.deepEqual(primaryOf(onCt, structureSet({ uid: 'a', date: '2024-03-01' })), ['a']);
});

test('a course without plans is dated by its structure sets, one without a date by the study of them', () => {
  const dateOf = (date: string) =>
    only(organize([...imageSeries(), structureSet({ date })], options).courses).displayName;
  assert.equal(dateOf('2023-07-09'), '2023-07');
  assert.equal(dateOf(''), imageSeries()[0].studyDate.slice(0, 7));
});

test('the structure set of the plan of the chosen dose is primary, not that of the earliest plan', () => {
  const rows = [
    ...imageSeries(),
    ...imageSeries({ series: 'ct2' }),
    structureSet({ uid: 'first', instances: [] }),
    structureSet({ uid: 'second', series: 'ct2', instances: [] }),
    plan({ uid: 'draft', structureSet: 'first', date: '2024-03-01', prescribedGy: [60], approval: 'REJECTED' }),
    plan({ uid: 'treated', structureSet: 'second', date: '2024-03-08', prescribedGy: [60], approval: 'APPROVED' }),
    dose({ uid: 'dose of draft', plans: ['draft'] }),
    dose({ uid: 'dose of treated', plans: ['treated'] }),
  ];
  const course = only(organize(rows, options).courses);
  assert.deepEqual(
    course.doseDecision.selected.map(({ doseUid }) => doseUid),
    ['dose of treated'],
  );
  const primary = only(course.structureSets.filter(({ role }) => role === 'primary'));
  assert.equal(primary.sopInstanceUid, 'second');
  assert.equal(course.planningSeriesUid, primary.imageSeriesUid);
});

test('references across studies count: CT, structure set, plan and dose of four studies form one course', () => {
  const rows = [
    ...imageSeries({ study: 's1' }),
    structureSet({ study: 's2' }),
    plan({ study: 's3' }),
    dose({ study: 's4' }),
  ];
  const course = only(organize(rows, options).courses);
  assert.equal(course.planningSeriesUid, 'ct');
  assert.deepEqual(course.anchorUids, ['s1']);
});

test('a plan without reference gets the only structure set of its frame, with a finding', () => {
  const rows = [...imageSeries(), structureSet({ study: 's2' }), plan({ structureSet: '' }), dose()];
  const course = only(organize(rows, options).courses);
  assert.equal(course.plans[0].structureSetUid, 'struct');
  assert.equal(course.plans[0].structureSetStatus, 'inferred');
  assert.ok(course.findings.some((f) => f.code === 'PLAN_STRUCTURE_SET_INFERRED'));
});

test('a cohort keeps patients with plans, with structures only and with images only', () => {
  const rows = [
    ...COMPLETE,
    ...imageSeries({ patient: 'p2', study: 't2', series: 'ct2', frame: 'f2' }),
    structureSet({ uid: 'struct2', patient: 'p2', study: 't2', series: 'ct2', frame: 'f2' }),
    ...imageSeries({ patient: 'p3', study: 't3', series: 'ct3', frame: 'f3' }),
  ];
  const { courses, unassigned } = organize(rows, options);
  assert.deepEqual(courses.map((course) => course.patient.id).sort(), ['p2', 'p3', 'patient']);
  assert.deepEqual(unassigned, []);
});

test('a dose without plan and a plan without dose each make a course, with a finding', () => {
  const { courses } = organize(
    [dose({ uid: 'd', plans: [], patient: 'p1' }), plan({ uid: 'p', structureSet: '', patient: 'p2', study: 's2' })],
    options,
  );
  assert.deepEqual(
    courses.map((course) => course.findings.map((f) => f.code)),
    [
      ['DOSE_WITHOUT_PLAN', 'DOSE_DECISION'],
      ['PLAN_WITHOUT_STRUCTURE_SET', 'PLAN_WITHOUT_DOSE'],
    ],
  );
});

test('merge criteria: two studies of one frame give two courses by study, one by frame of reference', () => {
  const second = { study: 'study-2', series: 'ct-2' };
  const rows = [
    ...COMPLETE,
    ...imageSeries(second),
    structureSet({ ...second, uid: 'struct-2' }),
    plan({ uid: 'plan-2', study: 'study-2', structureSet: 'struct-2' }),
    dose({ uid: 'dose-2', study: 'study-2', plans: ['plan-2'] }),
  ];
  assert.equal(organize(rows, options).courses.length, 2);
  assert.equal(organize(rows, { ...options, mergeCriteria: 'frame_of_reference' }).courses.length, 1);
});

test('merge criteria: two frames of one study give one course by study, two by frame of reference', () => {
  const second = { frame: 'frame-2', series: 'ct-2' };
  const rows = [
    ...COMPLETE,
    ...imageSeries(second),
    structureSet({ ...second, uid: 'struct-2' }),
    plan({ uid: 'plan-2', frame: 'frame-2', structureSet: 'struct-2' }),
    dose({ uid: 'dose-2', frame: 'frame-2', plans: ['plan-2'] }),
  ];
  assert.equal(organize(rows, options).courses.length, 1);
  assert.equal(organize(rows, { ...options, mergeCriteria: 'frame_of_reference' }).courses.length, 2);
});

test('a stray dose of another frame does not take images from a course without structure set', () => {
  const course = only(organize([...imageSeries(), dose({ frame: 'elsewhere', plans: ['lost'] })], options).courses);
  assert.deepEqual([course.planningSeriesUid, course.planningStatus], ['ct', 'fallback_largest']);
  assert.equal(course.doseDecision.rule, 'other_frame_of_reference');
  assert.deepEqual(course.doseDecision.selected, []);
  assert.ok(course.findings.some((f) => f.severity === 'error' && f.code === 'DOSE_UNDECIDED'));
});

test('max days splits a course repeatedly; undated plans stay in the first part', () => {
  const dates = { a: '2024-01-01', b: '2024-01-20', c: '2024-06-01', d: '2025-01-01', e: '' };
  const plans = Object.entries(dates).map(([uid, date]) => plan({ uid, date }));
  const rows = [...imageSeries(), structureSet(), ...plans, dose({ plans: ['c'] })];
  const { courses } = organize(rows, { ...options, maxDays: 60 });
  const parts = courses.map((course) => course.plans.map((p) => p.sopInstanceUid).sort());
  assert.deepEqual(parts, [['a', 'b', 'e'], ['c'], ['d']]);
  assert.ok(
    courses.every((course) => course.planningSeriesUid === 'ct'),
    'all parts have the images',
  );
  assert.equal(new Set(courses.map((course) => course.courseId)).size, 3);
  assert.equal(organize(rows, options).courses.length, 1);
});

test('an image that is chosen by its size is a finding, but not where a structure set names it', () => {
  const two = [...imageSeries(), ...imageSeries({ series: 'ct2', slices: 20 })];
  const codes = (rows: IndexRow[]) =>
    organize(rows, options).courses.flatMap(({ findings }) => findings.map(({ code }) => code));
  assert.equal(codes([...two, dose()]).includes('PLANNING_IMAGE_BY_SIZE'), true);
  assert.equal(codes([...two, dose(), structureSet()]).includes('PLANNING_IMAGE_BY_SIZE'), false);
});

test('a dose and a structure set without a plan join the part of their own date', () => {
  const plans = [plan({ uid: 'a', date: '2024-01-01' }), plan({ uid: 'b', date: '2024-06-01' })];
  const loose = [
    dose({ uid: 'early', plans: [], created: '2024-01-02' }),
    dose({ uid: 'late', plans: [], created: '2024-06-02' }),
    structureSet({ uid: 'late-set', date: '2024-06-02' }),
  ];
  const { courses } = organize([...imageSeries(), structureSet(), ...plans, ...loose], { ...options, maxDays: 60 });
  const parts = courses.map((course) => [
    course.plans.map((one) => one.sopInstanceUid),
    course.doses.map((one) => one.sopInstanceUid),
    course.structureSets.map((one) => one.sopInstanceUid),
  ]);
  assert.deepEqual(parts, [
    [['a'], ['early'], ['struct']],
    [['b'], ['late'], ['late-set', 'struct']],
  ]);
});

test('the id of a course does not depend on other uploaded data or on later plans', () => {
  const alone = only(organize(COMPLETE, options).courses).courseId;
  const other = imageSeries({ patient: 'p3', study: 't3', series: 'ct3', frame: 'f3' });
  const more = [
    ...other,
    ...COMPLETE,
    plan({ uid: 'boost', label: 'Boost', date: '2024-05-01' }),
    ...sessions('plan', 2),
  ];
  const together = organize(more, options).courses.find((course) => course.patient.id === 'patient');
  assert.equal(together?.courseId, alone);
  assert.match(alone, /^[0-9a-f]{16}$/);
});

test('courses of one patient in one month have numbered names', () => {
  const rows = ['1', '2'].flatMap((n) => [
    ...imageSeries({ study: `s${n}`, series: `ct${n}`, frame: `f${n}` }),
    structureSet({ uid: `struct${n}`, study: `s${n}`, series: `ct${n}`, frame: `f${n}` }),
    plan({ uid: `plan${n}`, study: `s${n}`, frame: `f${n}`, structureSet: `struct${n}`, date: `2024-03-1${n}` }),
  ]);
  const { courses } = organize(rows, options);
  assert.deepEqual(
    courses.map((course) => [course.displayName, course.plans[0].sopInstanceUid]),
    [
      ['2024-03', 'plan1'],
      ['2024-03_2', 'plan2'],
    ],
  );
});

test('images that no object of a course refers to are unassigned, with the reason', () => {
  const diagnostic = imageSeries({ study: 'old', series: 'old-ct', frame: 'old-frame' });
  const { courses, unassigned } = organize([...COMPLETE, ...diagnostic], options);
  assert.equal(courses.length, 1);
  assert.deepEqual([...new Set(unassigned.map((row) => row.reason))], ['image_not_linked']);
  assert.equal(unassigned.length, diagnostic.length);
});

test('related images join a course by study, frame of reference or registration', () => {
  const rows = [
    ...COMPLETE,
    ...imageSeries({ series: 'cbct' }),
    ...imageSeries({ series: 'pet', modality: 'PT', study: 'pet-study' }),
    ...imageSeries({ series: 'mr', modality: 'MR', study: 'mr-study', frame: 'mr-frame' }),
    registration('reg', 'frame', 'mr-frame', [1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  ];
  const { courses, unassigned } = organize(rows, options);
  const course = only(courses);
  const roles = Object.fromEntries(course.images.map((image) => [image.seriesInstanceUid, image.role]));
  assert.deepEqual(roles, { ct: 'planning', cbct: 'related', pet: 'related', mr: 'related' });
  assert.equal(course.registrations.length, 1);
  assert.deepEqual(unassigned, []);
});

test('registrations stay with the frames that they name', () => {
  const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const { courses, unassigned } = organize([...COMPLETE, registration('reg', 'far', 'away', matrix)], options);
  assert.deepEqual(courses[0].registrations, []);
  assert.equal(only(unassigned).reason, 'registration_not_linked');
});

test('a segmentation follows the images that it segments; without them it is unassigned', () => {
  const images = imageSeries();
  const { courses, unassigned } = organize(
    [...images, segmentation('seg', 'ct'), segmentation('lost', 'nowhere')],
    options,
  );
  assert.deepEqual(
    only(courses).segmentations.map((s) => s.sopInstanceUid),
    ['seg'],
  );
  assert.equal(only(unassigned).reason, 'segmentation_not_linked');
});

test('image-only patients get one course per CT series, and small series join the largest', () => {
  const rows = [
    ...imageSeries({ series: 'test', slices: 40 }),
    ...imageSeries({ series: 'retest', slices: 41 }),
    ...imageSeries({ series: 'scout', slices: 2 }),
    ...imageSeries({ series: 'pet', slices: 40, modality: 'PT' }),
  ];
  const { courses } = organize(rows, options);
  const series = courses.map((course) => course.images.map((image) => image.seriesInstanceUid));
  assert.deepEqual(series.sort(), [['pet', 'retest', 'scout'], ['test']]);
  assert.ok(courses.every((course) => course.planningStatus === 'fallback_largest'));
});

test('patients without PatientID do not merge', () => {
  const rows = ['1', '2'].flatMap((n) => imageSeries({ patient: '', study: `s${n}`, series: `ct${n}`, frame: 'same' }));
  const merged = organize(rows, { ...options, mergeCriteria: 'frame_of_reference' });
  assert.equal(merged.courses.length, 2);
});

test('dose and plan of another PatientID, linked by UID, belong to one patient, with a finding', () => {
  const rows = [plan({ patient: 'p1', structureSet: '' }), dose({ patient: 'p2', study: 's2' })];
  const course = only(organize(rows, options).courses);
  assert.equal(course.patient.id, 'p1', 'the ID of the plan');
  assert.equal(course.doses[0].planStatus, 'referenced');
  assert.match(messageOf(course, 'PATIENT_ID_DIFFERS'), /PatientIDs differ/);
});

test('a structure set whose slices have another PatientID is used with them, with a finding', () => {
  const named = structureSet({ patient: 'clinic' });
  named.structureSet!.seriesReferences = [seriesReference('ct', ['ct.0', 'ct.1'])];
  const rows = [...imageSeries({ patient: 'scanner' }), named];
  const course = only(organize(rows, options).courses);
  assert.equal(course.patient.id, 'clinic');
  assert.equal(course.structureSets[0].imageStatus, 'referenced');
  assert.match(messageOf(course, 'PATIENT_ID_DIFFERS'), /names the image/);
});

test('objects without PatientID in separate studies are joined by their references', () => {
  const rows = [
    ...imageSeries({ patient: '', study: 's1' }),
    structureSet({ patient: '', study: 's2' }),
    plan({ patient: '', study: 's3' }),
    dose({ patient: '', study: 's4' }),
  ];
  const { courses, unassigned } = organize(rows, options);
  const course = only(courses);
  assert.deepEqual([course.images.length, course.plans.length, course.doses.length, unassigned.length], [1, 1, 1, 0]);
  assert.equal(course.structureSets[0].imageStatus, 'referenced');
  assert.match(messageOf(course, 'PATIENT_ID_DIFFERS'), /one PatientID is blank/);
});

test('a structure set sharing only the frame of reference with another PatientID stays apart', () => {
  const named = structureSet({ patient: 'p2', study: 's2' });
  named.structureSet!.seriesReferences = [];
  named.structureSet!.contourImages = [];
  const rows = [...imageSeries({ patient: 'p1' }), named];
  const { courses } = organize(rows, options);
  const course = courses.find(({ structureSets }) => structureSets.length > 0)!;
  assert.equal(courses.length, 2);
  assert.match(messageOf(course, 'STRUCTURE_SET_IMAGES_OF_OTHER_PATIENT'), /belongs to another patient/);
});

test('two people under one PatientID are told apart by birth date and sex, unless objects link them', () => {
  const rows = ['1', '2'].flatMap((n) =>
    imageSeries({ study: `s${n}`, series: `ct${n}`, frame: `f${n}` }).map((row) => ({
      ...row,
      patient: {
        ...row.patient,
        name: n === '1' ? 'Alpha^A' : 'Beta^B',
        birthDate: `195${n}-01-01`,
        sex: n === '1' ? 'M' : 'F',
      },
    })),
  );
  const { courses } = organize(rows, options);
  assert.equal(courses.length, 2);
  for (const course of courses)
    assert.match(messageOf(course, 'PATIENT_ID_SHARED'), /differ in name and birth date and sex/);
  assert.ok(!JSON.stringify(courses.map(({ findings }) => findings)).includes('1951'), 'without the dates themselves');
});

test('a different spelling of the name is the same person', () => {
  const rows = imageSeries().map((row, n) => ({ ...row, patient: { ...row.patient, name: n % 2 ? 'A^B' : 'A B' } }));
  assert.equal(messageOf(only(organize(rows, options).courses), 'PATIENT_ID_SHARED'), 'no PATIENT_ID_SHARED');
});

function messageOf({ findings }: Course, code: string): string {
  return findings.find((found) => found.code === code)?.message ?? `no ${code}`;
}

test('a record of a missing plan does not count for another plan', () => {
  const { courses, unassigned } = organize([...COMPLETE, treatmentRecord({ uid: 'r', plan: 'nowhere' })], options);
  assert.deepEqual(courses[0].fractions, []);
  assert.equal(only(unassigned).reason, 'plan_not_found');
});

test('identifiers are kept, cut to the PatientID, or replaced by a pseudonym', () => {
  const patientOf = (identifiers: 'keep' | 'id' | 'pseudonym') =>
    only(organize(COMPLETE, { ...options, identifiers }).courses);
  assert.deepEqual([patientOf('keep').patient.name, patientOf('keep').patient.birthDate], ['Name^N', '1950-01-01']);
  assert.equal(patientOf('keep').staff.reviewer, 'Reviewer^R');
  assert.deepEqual([patientOf('id').patient.id, patientOf('id').patient.name], ['patient', '']);
  assert.equal(patientOf('id').patient.birthDate, '');
  assert.equal(patientOf('id').patient.ageYears, 74.2);
  assert.match(patientOf('pseudonym').patient.id, /^P-[0-9a-f]{32}$/);
  assert.ok(!JSON.stringify(patientOf('pseudonym')).includes('"patient":{"id":"patient"'));
  assert.equal(patientOf('keep').courseId, patientOf('pseudonym').courseId);
});

test('objects without a course or without identity are unassigned with the reason', () => {
  const nameless: IndexRow = { ...instance('image', '', 'CT'), key: 'in/nameless' };
  const { unassigned, counts } = organize([...COMPLETE, instance('other', 'cr', 'CR'), nameless], options);
  assert.deepEqual(
    unassigned.map((row) => [row.key, row.reason]),
    [
      ['in/cr', 'unsupported_object'],
      ['in/nameless', 'missing_identifiers'],
    ],
  );
  assert.equal(counts.instances, counts.assigned + counts.unassigned);
});
