import assert from 'node:assert/strict';
import { test } from 'node:test';
import { populationOf, sampleCurves } from '#lib/report/cohort/population.ts';
import { coursesOf } from '#lib/report/courses.ts';
import { column, type Row } from '#lib/tables/table.ts';

/** A curve that falls from 100 % at 0 Gy to 0 % at `endGy`. */
function points(course_id: string, endGy: number, more: Row = {}): Row[] {
  const roi = {
    course_id,
    roi_name: 'Heart',
    standard_name: 'Heart',
    roi_number: 1,
    source: 'manual',
    dose_uid: 'd',
    ...more,
  };
  return [
    { ...roi, 'dose[Gy]': 0, 'volume[%]': 100 },
    { ...roi, 'dose[Gy]': endGy, 'volume[%]': 0 },
  ];
}

function populationFrom(perCourse: Record<string, Row[]>, prescriptionGy = 50) {
  const metrics = Object.values(perCourse).flatMap((rows) =>
    rows.slice(0, 1).map((row) => ({ ...row, 'prescription[Gy]': prescriptionGy })),
  );
  const table = { name: 'dvh_metrics', key: [], columns: [column('course_id', 'string', 'C.')], rows: metrics };
  const courses = coursesOf({ title: 'T', tables: [table] });
  return populationOf(courses.flatMap((course) => sampleCurves(course, perCourse[course.id])));
}

test('the median of three straight curves is the middle one, in Gy and in % of the prescription', () => {
  const { structures, doseGy, dosePct } = populationFrom({
    a: points('a', 10),
    b: points('b', 40),
    c: points('c', 100),
  });
  const [heart] = structures;
  assert.equal(heart.all.courses, 3);
  // The curve that ends at 40 Gy holds 100 (1 - d / 40) %.
  assert.equal(heart.all.absolute[2][doseGy.indexOf(10)], 75);
  // 20 % of 50 Gy are 10 Gy.
  assert.equal(heart.all.relative[2][dosePct.indexOf(20)], 75);
  assert.equal(heart.all.absolute[2][doseGy.indexOf(60)], 0);
});

test('a course with two structure sets counts once, with its primary set', () => {
  const two = [
    ...points('a', 10, { structure_set_uid: 's1', primary: false }),
    ...points('a', 40, { structure_set_uid: 's2', primary: true }),
  ];
  const { structures } = populationFrom({ a: two, b: points('b', 40), c: points('c', 40) });
  assert.equal(structures[0].all.courses, 3);
  assert.equal(structures[0].all.absolute[0][10], 75);
});

test('courses of one machine form a group if there are more than two', () => {
  const ends = { a: 10, b: 40, c: 100, d: 20, e: 40, f: 60, g: 80, h: 80 };
  const machines = { a: 'A', b: 'A', c: 'A', d: 'B', e: 'B', f: 'B', g: 'C', h: 'C' };
  const metadata = Object.entries(machines).map(([course_id, treatment_machine]) => ({ course_id, treatment_machine }));
  const table = { name: 'case_metadata', key: [], columns: [column('course_id', 'string', 'C.')], rows: metadata };
  const courses = coursesOf({ title: 'T', tables: [table] });
  const { structures, groupings, doseGy } = populationOf(
    courses.flatMap((course) => sampleCurves(course, points(course.id, ends[course.id as keyof typeof ends]))),
  );
  const groups = structures[0].groups[groupings.indexOf('machine')];
  assert.deepEqual(
    groups.map(({ value, bands }) => [value, bands.courses, bands.absolute[2][doseGy.indexOf(10)]]),
    [
      ['A', 3, 75],
      ['B', 3, 75],
    ],
  );
  assert.deepEqual(structures[0].groups[groupings.indexOf('technique')], []);
});
