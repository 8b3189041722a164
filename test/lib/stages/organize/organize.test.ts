import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { writeJson } from '#lib/course-store/json.ts';
import { type Log, silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';

const files = [...generatedCohort({ courses: 4, slices: 4, rows: 4, columns: 4, seed: 1 })];
/** Patients of the upload: the folder of a file is that of its patient. */
const folders = [...new Set(files.map(({ path }) => path.split('/')[0]))];

interface Run {
  written: string[];
  patients: number;
  unchanged: number;
  content: Map<string, string>;
}

/** Runs catalog and organize over the files of some patients, and says what organize wrote. */
async function run(store: ObjectStore, patients: string[], settings: object = {}, force = false): Promise<Run> {
  const input = memoryStore('memory:input');
  for (const { path, bytes } of files) if (patients.includes(path.split('/')[0])) await input.put(path, bytes);
  await writeJson(store, runKeys.config, parseConfig(settings));
  await writeJson(store, runKeys.request, { patients: [], stages: [] });
  const written: string[] = [];
  const watched: ObjectStore = {
    ...store,
    async put(key, body, options) {
      written.push(key);
      await store.put(key, body, options);
    },
  };
  const told = { patients: -1, unchanged: -1 };
  const log: Log = { ...silentLog, info: (fields) => Object.assign(told, fields) };
  const { signal } = new AbortController();
  const context: StageContext = { input, store: watched, pool: inlinePool(), log, signal, now: () => new Date(0) };
  await catalog.run({ force: false }, context);
  written.length = 0;
  await organize.run({ force }, context);
  return { ...told, written, content: await contentOf(store) };
}

/** What a run leaves beyond the list of files and what organize knows for its next run. */
async function contentOf(store: ObjectStore): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for (const prefix of ['courses/', 'run/organized', 'run/courses'])
    for await (const { key } of store.list(prefix)) content.set(key, Buffer.from(await store.get(key)).toString());
  return content;
}

function courseFiles({ written }: Run): string[] {
  return written.filter((key) => key.endsWith('/course.json'));
}

test('new patients are organized and existing courses kept, with the same result as one run over all', async () => {
  const store = memoryStore('memory:output');
  const first = await run(store, folders.slice(0, 3));
  assert.deepEqual([first.patients, first.unchanged, courseFiles(first).length], [3, 0, 3]);
  const second = await run(store, folders);
  assert.deepEqual([second.patients, second.unchanged, courseFiles(second).length], [4, 3, 1]);
  const whole = await run(memoryStore('memory:output'), folders);
  assert.deepEqual(second.content, whole.content);
});

test('a removed patient leaves the tables', async () => {
  const store = memoryStore('memory:output');
  await run(store, folders);
  const fewer = await run(store, folders.slice(1));
  assert.deepEqual([fewer.patients, fewer.unchanged, courseFiles(fewer).length], [3, 3, 0]);
  const whole = await run(memoryStore('memory:output'), folders.slice(1));
  for (const [key, text] of whole.content) assert.equal(fewer.content.get(key), text, key);
});

test('a missing or changed course.json is rewritten, and the others stay', async () => {
  const store = memoryStore('memory:output');
  const { content, written } = await run(store, folders);
  const [gone, other] = written.filter((key) => key.endsWith('/course.json'));
  await store.delete(gone);
  await store.put(other, Buffer.from(content.get(other)!.replace('GEN-', 'GEM-')));
  const again = await run(store, folders);
  assert.deepEqual([again.unchanged, courseFiles(again).sort()], [2, [gone, other].sort()]);
  assert.deepEqual(again.content, content);
});

test('changed intermediate results of organize are ignored', async () => {
  const store = memoryStore('memory:output');
  const { content } = await run(store, folders);
  const key = runKeys.knownPatientsPart(0);
  const [first, ...others] = Buffer.from(await store.get(key))
    .toString()
    .trimEnd()
    .split('\n');
  const half = first.slice(0, first.length >> 1);
  const wrong = others[0].replace('"assigned":', '"assigned":1');
  await store.put(key, Buffer.from([half, wrong, ...others.slice(1)].join('\n')));
  const again = await run(store, folders);
  assert.equal(again.unchanged, 2);
  assert.deepEqual(again.content, content);
});

test('other settings, or --force, organize all patients again', async () => {
  const store = memoryStore('memory:output');
  await run(store, folders);
  assert.equal((await run(store, folders, {}, true)).unchanged, 0);
  assert.equal((await run(store, folders, { organize: { merge_criteria: 'frame_of_reference' } })).unchanged, 0);
  const pseudonyms = { organize: { identifiers: 'pseudonym', course_salt: 'a secret of the test' } };
  const hidden = await run(store, folders, pseudonyms);
  assert.equal(hidden.unchanged, 0);
  assert.equal((await run(store, folders, pseudonyms)).unchanged, 4);
  const known = Buffer.from(await store.get(runKeys.knownPatientsPart(0))).toString();
  assert.ok(known.includes('"assigned":') && !known.includes('GEN-'), 'a pseudonym stands for the patient');
});
