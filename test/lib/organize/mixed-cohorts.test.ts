import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import type { OrganizeOptions } from '#lib/organize/options.ts';
import { organize } from '#lib/organize/organize.ts';
import { type Random, seededRandom } from '#lib/random.ts';
import {
  dose,
  imageSeries,
  instance,
  options,
  plan,
  registration,
  segmentation,
  structureSet,
  treatmentRecord,
} from '#test/fixtures/index-rows.ts';

const COHORTS = 60;

test('in any mixed cohort each instance is assigned, a duplicate or unassigned, exactly once', () => {
  for (let seed = 1; seed <= COHORTS; seed++) {
    const random = seededRandom(seed);
    const rows = cohort(random);
    const result = organize(rows, someOptions(random));
    const { counts } = result;
    assert.equal(counts.instances, rows.length, `seed ${seed}`);
    assert.equal(counts.instances, counts.assigned + counts.duplicates + counts.unassigned, `seed ${seed}`);
    const places = [
      ...new Set(result.courses.flatMap(keysOf)),
      ...result.duplicates.map((row) => row.key),
      ...result.unassigned.map((row) => row.key),
    ];
    assert.deepEqual(places.sort(), rows.map((row) => row.key).sort(), `seed ${seed}`);
  }
});

test('the order of the rows does not matter', () => {
  for (let seed = 1; seed <= COHORTS; seed++) {
    const random = seededRandom(seed);
    const rows = cohort(random);
    const chosen = someOptions(random);
    const result = JSON.stringify(organize(rows, chosen));
    for (let i = 0; i < 3; i++) {
      assert.equal(JSON.stringify(organize(shuffled(rows, random), chosen)), result, `seed ${seed}`);
    }
  }
});

test('no two courses share an id, and no two courses of a patient share a name', () => {
  for (let seed = 1; seed <= COHORTS; seed++) {
    const random = seededRandom(seed);
    const { courses } = organize(cohort(random), someOptions(random));
    assert.equal(new Set(courses.map((course) => course.courseId)).size, courses.length, `seed ${seed}`);
    const names = courses.map((course) => `${course.patient.id} ${course.displayName}`);
    assert.equal(new Set(names).size, courses.length, `seed ${seed}`);
  }
});

test('every dose of a course has its row in the decision, with a reason', () => {
  for (let seed = 1; seed <= COHORTS; seed++) {
    const random = seededRandom(seed);
    for (const course of organize(cohort(random), someOptions(random)).courses) {
      const { candidates } = course.doseDecision;
      const doses = course.doses.map((d) => d.sopInstanceUid);
      assert.deepEqual(candidates.map((candidate) => candidate.doseUid).sort(), doses.sort(), `seed ${seed}`);
      assert.ok(
        candidates.every((candidate) => candidate.reason !== 'not considered'),
        `seed ${seed}`,
      );
    }
  }
});

interface Placed {
  key: string;
}

function keysOf(course: ReturnType<typeof organize>['courses'][number]): string[] {
  const objects: Placed[] = [
    ...course.images.flatMap((image) => image.instances),
    ...course.structureSets,
    ...course.plans,
    ...course.doses,
    ...course.records,
    ...course.registrations,
    ...course.segmentations,
  ];
  return objects.map((object) => object.key);
}

function someOptions(random: Random): OrganizeOptions {
  return {
    ...options,
    mergeCriteria: pick(random, ['same_ct_study', 'frame_of_reference']),
    maxDays: pick(random, [undefined, 0, 30]),
    identifiers: pick(random, ['keep', 'id', 'pseudonym']),
  };
}

/** A few patients with any objects, whose references may lead anywhere, and some files twice or under one UID. */
function cohort(random: Random): IndexRow[] {
  const rows: IndexRow[] = [];
  const patients = 1 + Math.floor(random() * 3);
  for (let p = 0; p < patients; p++) rows.push(...patientRows(`p${p}`, random));
  const copies = rows.filter(() => random() < 0.1).map((row, i) => ({ ...row, key: `${row.key}-copy${i}` }));
  const digested = [...rows, ...copies];
  return digested.map((row) => ({ ...row, digest: random() < 0.8 ? row.sopInstanceUid : row.key }));
}

function patientRows(patient: string, random: Random): IndexRow[] {
  const uid = (kind: string, n = 3) => `${patient}-${kind}${Math.floor(random() * n)}`;
  const where = () => ({ patient: random() < 0.95 ? patient : '', study: uid('study'), frame: uid('frame') });
  const date = () => pick(random, ['', '2024-01-10', '2024-01-25', '2024-05-01', '2025-02-01']);
  const rows: IndexRow[] = [];
  const add = (chance: number, make: (i: number) => IndexRow[]) => {
    for (let i = 0; i < 3; i++) if (random() < chance) rows.push(...make(i));
  };
  add(0.6, (i) => imageSeries({ ...where(), series: `${patient}-ct${i}`, slices: pick(random, [1, 3, 11]) }));
  add(0.4, (i) => [
    structureSet({
      ...where(),
      uid: `${patient}-struct${i}`,
      series: pick(random, ['', uid('ct'), 'elsewhere']),
      date: date(),
    }),
  ]);
  add(0.5, (i) => [
    plan({
      ...where(),
      uid: `${patient}-plan${i}`,
      structureSet: pick(random, ['', uid('struct'), 'elsewhere']),
      date: date(),
      label: pick(random, ['A', 'Boost', 'replan', 'Phase 2']),
      prescribedGy: pick(random, [[], [50], [16], [70, 56]]),
      beams: pick(random, [1, 2]),
    }),
  ]);
  add(0.6, (i) => [
    dose({
      ...where(),
      uid: `${patient}-dose${i}`,
      plans: pick(random, [[], [uid('plan')], [`${patient}-plan0`, `${patient}-plan1`], ['elsewhere']]),
      type: pick(random, ['PLAN', 'PLAN', 'BEAM', 'FRACTION', 'MULTI_PLAN', 'FRACTION_SESSION', 'RECORD', 'BRACHY']),
      beamNumbers: pick(random, [[], [1]]),
      cornerMm: pick(random, [[-50, -50, -50], [-50, -50, 200], null]),
      units: pick(random, ['GY', 'GY', 'RELATIVE']),
    }),
  ]);
  add(0.4, (i) => [
    treatmentRecord({
      ...where(),
      uid: `${patient}-record${i}`,
      plan: pick(random, ['', uid('plan'), 'elsewhere']),
      date: date(),
    }),
  ]);
  add(0.2, (i) => [
    registration(
      `${patient}-reg${i}`,
      uid('frame'),
      uid('frame'),
      [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      where(),
    ),
  ]);
  add(0.2, (i) => [segmentation(`${patient}-seg${i}`, uid('ct'), where())]);
  add(0.2, (i) => [instance('other', `${patient}-other${i}`, 'SR', where())]);
  return rows;
}

function shuffled<T>(items: T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

function pick<T>(random: Random, items: T[]): T {
  return items[Math.floor(random() * items.length)];
}
