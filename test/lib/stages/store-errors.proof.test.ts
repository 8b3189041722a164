import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { Transient } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { aggregate } from '#lib/stages/aggregate/aggregate.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { COURSE_STAGES } from '#lib/stages/course-stages.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { sizeJobs } from '#lib/stages/size-jobs.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { failingStore } from '#test/fixtures/failing-store.ts';

/** Every stage that reads and writes in its own way; the dose is left out, for time alone. */
const ASKED = ['structures', 'qc'];
const CONFIG = parseConfig({ segmentation: { enabled: false } });
/** Calls between two that are tried: to try every call takes two minutes. */
const STEP = 11;

const input = memoryStore('memory:input');
let expected: Map<string, string>;
let calls: number;

before(async () => {
  for (const { path, bytes } of generatedCohort({ courses: 1, slices: 6, rows: 12, columns: 12, seed: 1 }))
    await input.put(path, bytes);
  const counted = failingStore(await emptyStore(), () => false, failure);
  await pipeline(context(counted));
  expected = await tablesOf(counted);
  calls = counted.calls();
  assert.ok(calls > 10 * STEP && expected.size > 5);
});

const KINDS: [what: string, error: () => Error][] = [
  ['S3 asks to slow down', failure],
  ['the disk answers EIO', () => Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })],
];
for (const [what, error] of KINDS)
  test(`${what}, at any call: the run ends with the error or has the same tables, and the next run has them`, async () => {
    let thrown = 0;
    for (let bad = 0; bad < calls; bad += STEP) {
      const store = await emptyStore();
      const ended = await pipeline(context(failingStore(store, (call) => call === bad, error))).then(
        () => true,
        (caught: Error) => assert.match(`${caught.name} ${caught.message}`, /Transient|EIO/),
      );
      if (ended) assert.deepEqual(await tablesOf(store), expected, `call ${bad}`);
      else thrown++;
      await pipeline(context(store));
      assert.deepEqual(await tablesOf(store), expected, `resumed after call ${bad}`);
    }
    assert.ok(thrown > (0.8 * calls) / STEP, `${thrown} of ${Math.ceil(calls / STEP)} runs heard of it`);
  });

function failure(): Error {
  return new Transient('S3 answered SlowDown');
}

async function emptyStore(): Promise<ObjectStore> {
  const store = memoryStore('memory:output');
  await writeJson(store, runKeys.config, CONFIG);
  await writeJson(store, runKeys.request, { patients: [], stages: ASKED });
  return store;
}

function context(store: ObjectStore): StageContext {
  const signal = new AbortController().signal;
  return { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
}

/** The stages as the state machine calls them, one after another. */
async function pipeline(work: StageContext): Promise<void> {
  await catalog.run({ force: false }, work);
  await organize.run({ force: false }, work);
  for (const { courseId } of await readJsonLines<CourseEntry>(work.store, runKeys.courses)) {
    const { jobs } = await sizeJobs.run({ courseId, force: false }, work);
    for (const stage of COURSE_STAGES)
      if (!jobs[stage.name].skip) await courseStage(stage).run({ courseId, force: false }, work);
  }
  await aggregate.run({}, work);
}

async function tablesOf(store: ObjectStore): Promise<Map<string, string>> {
  const tables = new Map<string, string>();
  for await (const { key } of store.list('results/'))
    if (key.endsWith('.parquet') && !key.endsWith('timings.parquet'))
      tables.set(key, Buffer.from(await store.get(key)).toString('base64'));
  return tables;
}
