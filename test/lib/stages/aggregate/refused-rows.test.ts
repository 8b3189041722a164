import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { PipelineError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { aggregate } from '#lib/stages/aggregate/aggregate.ts';
import { siftPart, siftTable } from '#lib/stages/aggregate/refused-rows.ts';
import { writeOrganized } from '#lib/stages/organize/organized.ts';
import { report } from '#lib/stages/report.ts';
import { courseKeys, resultKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import { type Cell, column, type Row } from '#lib/tables/table.ts';

const columns = [column('course_id', 'string', 'the course'), column('volume', 'double', 'how large', 'cc')];
const head = { name: 'structures', key: ['course_id'], columns };
const odd = (value: unknown): Row => ({ course_id: 'bad', volume: value as Cell });
const good = (courseId: string): Row => ({ course_id: courseId, volume: 1 });

test('a row of a wrong type is left out and reported without its value; the other rows stay', () => {
  const evil = JSON.parse('{"toString": 1, "name": "Doe^Jane"}');
  const { sound, findings } = siftTable({ ...head, rows: [good('a'), odd(evil), good('b'), odd(evil), odd('text')] });
  assert.deepEqual(sound.rows, [good('a'), good('b')]);
  assert.deepEqual(
    findings.map(({ code, severity, where, message }) => [code, severity, where, message]),
    [
      ['ROWS_LEFT_OUT', 'error', 'structures', 'course bad, 2 rows: volume holds a object that is no double'],
      ['ROWS_LEFT_OUT', 'error', 'structures', 'course bad, 1 row: volume holds a string that is no double'],
    ],
  );
});

for (const [what, part, message] of [
  ['no table', { columns: null, rows: [] }, /all rows: the stored part is not a table/],
  ['a column of another unit', { columns: [columns[0], column('volume', 'double', 'x', 'mm')], rows: [] }, /volume is/],
  ['a key without a column', { columns: [columns[1]], rows: [{ volume: 1 }] }, /no column course_id/],
  ['rows that are none', { columns, rows: [null, 3] }, /2 rows: it is no row/],
] as [string, never, RegExp][]) {
  test(`a course part that holds ${what} costs only the rows of that course`, () => {
    const { sound, findings } = siftPart(head, 'c1', part);
    assert.deepEqual(sound.rows, []);
    assert.match(findings[0].message, message);
    assert.match(findings[0].message, /^course c1, /);
  });
}

test('tables and report are written even if one course is damaged and one row has a wrong type', async () => {
  const store = memoryStore('memory:output');
  const signal = new AbortController().signal;
  const context = { input: store, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  await writeJson(store, runKeys.config, {});
  await writeJsonLines(store, runKeys.courses, [{ courseId: 'half' }, { courseId: 'whole' }]);
  const course = { courseId: 'whole', patient: { id: 'P' }, images: [], structureSets: [], doses: [], findings: [] };
  await writeJson(store, courseKeys('whole').course, course);
  await store.put(courseKeys('half').course, new TextEncoder().encode('{"courseId": "ha'));
  const counts = { files: 0, notDicom: 0, instances: 0, duplicates: 0, assigned: 0, unassigned: 0 };
  const doses = { ...head, name: 'doses', rows: [good('whole'), odd({})] };
  await writeOrganized(store, { counts, catalogDigest: '', tables: [doses], findings: [] });

  const { courses, findings } = await aggregate.run({}, context);
  assert.deepEqual(courses, { ok: 0, partial: 0, failed: 2 });
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['COURSE_DAMAGED', 'ROWS_LEFT_OUT'],
  );
  const rowsOf = async (table: string) => (await fromParquet(await store.get(resultKeys.table(table, 'parquet')))).rows;
  assert.deepEqual(await rowsOf('doses'), [good('whole')]);
  const status = await rowsOf('status');
  assert.deepEqual(new Set(status.map((row) => row.course_id)), new Set(['half', 'whole']));
  assert.match(String(status.find((row) => row.course_id === 'half')?.reason), /damaged/);
  assert.deepEqual(
    (await rowsOf('findings')).map(({ code }) => code),
    ['COURSE_DAMAGED', 'ROWS_LEFT_OUT'],
  );
  await report.run({}, context);
  assert.ok((await store.head(resultKeys.report))?.bytes);
});

test('an unavailable store is not reported as a damaged course', async () => {
  const store = memoryStore('memory:output');
  const signal = new AbortController().signal;
  await writeJson(store, runKeys.config, {});
  await writeJsonLines(store, runKeys.courses, [{ courseId: 'a' }]);
  const get = (key: string) =>
    key === courseKeys('a').course ? Promise.reject(new PipelineError('the disk is gone')) : store.get(key);
  const failing = { ...store, get };
  const context = { input: store, store: failing, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  await assert.rejects(aggregate.run({}, context), { message: 'the disk is gone' });
});
