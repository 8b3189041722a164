import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readJson } from '#lib/course-store/json.ts';
import type { DicomJson } from '#lib/dicom/write.ts';
import { CHECKS } from '#lib/qc/qc.ts';
import type { CoursePictures, Picture } from '#lib/report/pictures/picture.ts';
import { qc } from '#lib/stages/qc/qc.ts';
import { structures } from '#lib/stages/structures/structures.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { Row } from '#lib/tables/table.ts';
import { cohortInMemory } from '../../../fixtures/cohort-in-memory.ts';
import { plantedCourse } from '../../../fixtures/planted-course.ts';
import { DEFECTS } from '../../../fixtures/planted-defects.ts';

/** What a sound course of the phantom shows all the same: the cut ends of body, rectum and vessel, and end caps. */
const SOUND = ['AT_IMAGE_BORDER', 'END_CAPS_LARGE'];

/** Courses without defect; the nth defect has the twin n modulo this, which differs by the defect alone. */
const TWINS = 12;

const rows = new Map<string, Row[]>();
const pictures = new Map<string, Picture[]>();

before(async () => {
  const objects: DicomJson[] = [
    ...DEFECTS.flatMap(({ planted }, n) => [...plantedCourse(`D${n}`, n % TWINS, planted)]),
    ...Array.from({ length: TWINS }, (_, n) => [...plantedCourse(`T${n}`, n)]).flat(),
  ];
  const cohort = await cohortInMemory(objects, {}, [structures, qc]);
  for (const row of await cohort.rows('qc', 'qc')) {
    const patient = String(row.patient_id);
    rows.set(patient, [...(rows.get(patient) ?? []), row]);
  }
  for (const { courseId, patient } of cohort.courses) {
    const { images } = await readJson<CoursePictures>(cohort.context.store, courseKeys(courseId).pictures('qc'));
    pictures.set(
      patient.id,
      images.flatMap((image) => image.pictures),
    );
  }
});

const codesOf = (patient: string) => [
  ...new Set((rows.get(patient) ?? []).map(({ code }) => String(code)).filter(Boolean)),
];

/** Half a slice more than the distance of slices: of a gap, the slice at either side shows it. */
const NEAR_MM = 5.5;

for (const [n, { name, code, also = [], sliceMm }] of DEFECTS.entries()) {
  test(`${code}: ${name}`, () => {
    const found = codesOf(`D${n}`);
    assert.ok(found.includes(code), `found: ${found.join(', ')}`);
    const others = found.filter((one) => ![code, ...also, ...SOUND].includes(one));
    assert.deepEqual(others, []);
  });
  if (sliceMm !== undefined)
    test(`${code}: ${name}, and finding and picture name the slice`, () => {
      const row = rows.get(`D${n}`)?.find((one) => one.code === code);
      const near = (mm: unknown) => Math.abs(Number(mm) - sliceMm) <= NEAR_MM;
      assert.ok(near(row?.position_z_mm), `seen at ${row?.position_z_mm} mm`);
      const drawn = pictures.get(`D${n}`)?.filter(({ reasons }) => reasons.join().includes(String(row?.message))) ?? [];
      const isGrave = row?.severity !== 'info';
      assert.equal(
        drawn.some(({ positionMm }) => near(positionMm)),
        isGrave,
      );
    });
}

test('a sound course has no picture of findings', () => {
  assert.deepEqual(pictures.get('T0'), []);
});

test('the same course without its planted defect passes', () => {
  const alarms = Array.from({ length: TWINS }, (_, n) => codesOf(`T${n}`).filter((code) => !SOUND.includes(code)));
  assert.equal(alarms.length, TWINS);
  assert.deepEqual(alarms.flat(), []);
});

test('every check runs and passes on the courses without defects', () => {
  const verdicts = new Map((rows.get('T0') ?? []).map(({ check, status }) => [check, status]));
  assert.deepEqual(
    CHECKS.map(({ name }) => [name, verdicts.get(name)]),
    CHECKS.map(({ name }) => [name, 'PASS']),
  );
});
