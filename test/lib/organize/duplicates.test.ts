import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duplicateCandidates, removeDuplicates } from '#lib/organize/duplicates.ts';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { dose, imageSeries, options, plan, structureSet } from '#test/fixtures/index-rows.ts';

function copy(row: IndexRow, key: string, digest?: string, more: Partial<IndexRow> = {}): IndexRow {
  return { ...row, key, digest, ...more };
}

test('only rows whose SOP Instance UIDs collide need a digest', () => {
  const [a, b, c] = imageSeries({ slices: 3 });
  assert.deepEqual(
    duplicateCandidates([a, b, c, copy(b, 'again')]).map(({ key }) => key),
    [b.key, 'again'],
  );
});

test('a duplicated series gives each slice once and counts the copies', () => {
  const slices = imageSeries({ slices: 4 }).map((row) => ({ ...row, digest: row.sopInstanceUid }));
  const copies = slices.map((row) => copy(row, `zz/${row.sopInstanceUid}`, row.sopInstanceUid));
  const { courses, duplicates, counts } = organize([...copies, ...slices], options);
  assert.equal(courses[0].images[0].instances.length, 4);
  assert.deepEqual(
    duplicates.map((row) => [row.key, row.keptKey]),
    slices.map((row) => [`zz/${row.sopInstanceUid}`, row.key]),
  );
  assert.deepEqual(counts, { instances: 8, assigned: 4, duplicates: 4, unassigned: 0 });
});

test('two contents under one UID: the latest is used, the other is unassigned and reported', () => {
  const old = copy(dose(), 'old', 'aaa', { createdAt: '20240301' });
  const late = copy(dose({ cornerMm: [0, 0, 0] }), 'late', 'bbb', { createdAt: '20240401' });
  const { courses, unassigned, findings, counts } = organize(
    [...imageSeries(), structureSet(), plan(), old, late],
    options,
  );
  assert.deepEqual(
    courses[0].doses.map((d) => d.key),
    ['late'],
  );
  assert.deepEqual(
    unassigned.map((row) => [row.key, row.reason]),
    [['old', 'conflicting_duplicate']],
  );
  assert.deepEqual(
    findings.map((f) => [f.code, f.where]),
    [['CONFLICTING_DUPLICATE', 'dose']],
  );
  assert.equal(counts.instances, counts.assigned + counts.unassigned);
});

test('of contents created at the same time the larger, then the lower digest is used, in any order', () => {
  const a = copy(dose(), 'a', 'bbb', { bytes: 10 });
  const b = copy(dose(), 'b', 'aaa', { bytes: 10 });
  const c = copy(dose(), 'c', 'ccc', { bytes: 20 });
  for (const rows of [
    [a, b],
    [b, a],
  ]) {
    assert.deepEqual(
      removeDuplicates(rows).rows.map((row) => row.key),
      ['b'],
    );
  }
  assert.deepEqual(
    removeDuplicates([a, b, c]).rows.map((row) => row.key),
    ['c'],
  );
});

test('three files of two contents give one instance, one duplicate and one conflict', () => {
  const result = removeDuplicates([
    copy(dose(), 'a', 'xxx', { createdAt: '2' }),
    copy(dose(), 'b', 'xxx', { createdAt: '2' }),
    copy(dose(), 'c', 'yyy', { createdAt: '1' }),
  ]);
  assert.deepEqual(
    [result.rows, result.duplicates, result.conflicts].map((rows) => rows.map((row) => row.key)),
    [['a'], ['b'], ['c']],
  );
});

test('without digests equal UIDs are never taken for equal content', () => {
  const { duplicates, conflicts } = removeDuplicates([copy(dose(), 'a'), copy(dose(), 'b')]);
  assert.deepEqual(duplicates, []);
  assert.equal(conflicts.length, 1);
});
