import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeDrafts } from '#lib/organize/complete-drafts.ts';
import { DisjointSets } from '#lib/organize/disjoint-sets.ts';
import type { Draft } from '#lib/organize/grouping.ts';
import type { IndexRow } from '#lib/organize/index-row.ts';
import type { Links } from '#lib/organize/links.ts';
import type { PatientObjects } from '#lib/organize/patient-objects.ts';
import { type DraftWithImages, placeImages } from '#lib/organize/place-images.ts';
import { joinRegisteredSets } from '#lib/organize/registered-sets.ts';
import type { Series } from '#lib/organize/series.ts';
import type { Registration } from '#lib/rt/registration.ts';
import { options } from '#test/fixtures/index-rows.ts';

const MANY = 100_000;
/** Comparing each with each takes 10^10 steps: minutes. */
const LIMIT_MS = 20_000;

test('joining a chain of 100,000 members from its end takes little time', () => {
  const sets = new DisjointSets();
  const name = (n: number) => String(n).padStart(6, '0');
  for (let n = MANY; n > 0; n--) sets.join(name(n), name(n - 1));
  assert.equal(sets.find(name(MANY)), name(0));
  assert.equal(sets.sets().get(name(0))?.length, MANY + 1);
});

test('100,000 series of one patient find their 100,000 courses by lookup', () => {
  const drafts: Draft[] = Array.from({ length: MANY }, (_, n) => ({
    keys: [`study ${n}`],
    anchorUids: [`study ${n}`],
    plans: [],
    doses: [],
    structureSets: [],
  }));
  const series = Array.from({ length: MANY }, (_, n) => ({ uid: `series ${n}`, studyUid: `study ${n}`, frameUid: '' }));
  const objects = { series: series as Series[], registrations: [] } as unknown as PatientObjects;
  const links = { imageOfStructureSet: new Map() } as unknown as Links;
  const begun = performance.now();
  const placed = placeImages(drafts, objects, links, options);
  assert.ok(performance.now() - begun < LIMIT_MS);
  assert.ok(placed.every((draft, n) => draft.series.length === 1 && draft.series[0].uid === `series ${n}`));
});

test('100,000 treatment records of one patient find their 100,000 courses by lookup', () => {
  const drafts = Array.from({ length: MANY }, (_, n) => ({
    keys: [],
    anchorUids: [],
    plans: [{ sopInstanceUid: `plan ${n}`, frameOfReferenceUid: '' }],
    doses: [],
    structureSets: [],
    series: [],
  })) as unknown as DraftWithImages[];
  const records = Array.from({ length: MANY }, (_, n) => ({ sopInstanceUid: `record ${n}` })) as IndexRow[];
  const objects = { records, registrations: [], segmentations: [] } as unknown as PatientObjects;
  const planOfRecord = new Map(records.map(({ sopInstanceUid }, n) => [sopInstanceUid, { uids: [`plan ${n}`] }]));
  const begun = performance.now();
  const full = completeDrafts(drafts, objects, { planOfRecord } as unknown as Links);
  assert.ok(performance.now() - begun < LIMIT_MS);
  assert.ok(full.every((draft, n) => draft.records.length === 1 && draft.records[0] === records[n]));
});

test('20,000 structure sets find their courses by 20,000 registrations', () => {
  const many = MANY / 5;
  const set = (n: number) => ({ structureSet: { frameOfReferenceUids: [`mr ${n}`] } });
  const guest = (n: number) => ({ keys: [`guest ${n}`], plans: [], doses: [], structureSets: [set(n)] });
  const host = (n: number) => ({
    keys: [`host ${n}`],
    plans: [{ frameOfReferenceUid: `ct ${n}` }],
    doses: [],
    structureSets: [],
  });
  const numbers = Array.from({ length: many }, (_, n) => n);
  const drafts = [...numbers.map(guest), ...numbers.map(host)] as unknown as Draft[];
  const matrix = [1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const registrations = numbers.map((n) => ({
    sopInstanceUid: `registration ${n}`,
    frameOfReferenceUid: `ct ${n}`,
    items: [{ frameOfReferenceUid: `mr ${n}`, matrix }],
  })) as unknown as Registration[];
  const begun = performance.now();
  const joined = joinRegisteredSets(drafts, registrations);
  assert.ok(performance.now() - begun < LIMIT_MS);
  assert.equal(joined.length, many);
  for (const [n, { keys, structureSets }] of joined.entries())
    assert.deepEqual([keys, structureSets], [[`host ${n}`], [set(n)]]);
});
