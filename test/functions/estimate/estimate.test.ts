import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { Transient } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { loadStage } from '#lib/stages/registry.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { estimateRun } from '../../../cli/estimate/estimate.ts';
import { estimateStage } from '../../../functions/estimate/estimate.ts';

const COURSES = 3;
/** Without networks and features, so that all can be computed here. */
const CONFIG = {
  organize: { course_salt: 'a secret of this run' },
  segmentation: { enabled: false },
  radiomics: { enabled: false },
  radiomics_robustness: { enabled: false },
};

let input: ObjectStore;
let context: StageContext;

before(async () => {
  input = memoryStore();
  for (const { path, bytes } of generatedCohort({ courses: COURSES, slices: 8, rows: 16, columns: 16, seed: 1 }))
    await input.put(path, bytes);
  const signal = new AbortController().signal;
  context = { input, store: memoryStore(), pool: inlinePool(), log: silentLog, signal, now: () => new Date(0) };
  await writeJson(context.store, runKeys.config, parseConfig(CONFIG));
  await catalog.run({ force: false }, context);
  await organize.run({ force: false }, context);
});

const objects = async (store: ObjectStore) =>
  Array.fromAsync(store.list(''), ({ key, version }) => `${key} ${version}`);

test('the estimate of a deployment is that of `rtpipeline estimate`, and it writes nothing', async () => {
  const before = await objects(context.store);
  const found = await estimateStage().run({ force: false }, context);
  const { run, orchestration } = await estimateRun(input, parseConfig(CONFIG));
  assert.deepEqual(found, {
    courses: COURSES,
    likelyDollars: run.likely.dollars + orchestration,
    highDollars: run.high.dollars + orchestration,
  });
  assert.ok(found.highDollars > found.likelyDollars && found.likelyDollars > 0);
  assert.deepEqual(await objects(context.store), before);
});

test('the state machines can be given as text, as a bundle has them', async () => {
  const read = (name: string) =>
    readFileSync(new URL(`../../../statemachine/${name}.asl.json`, import.meta.url), 'utf8');
  const texts = { pipeline: read('pipeline'), stageJob: read('stage-job') };
  const given = await estimateStage(texts).run({ force: false }, context);
  assert.deepEqual(given, await estimateStage().run({ force: false }, context));
  await assert.rejects(estimateStage({ ...texts, stageJob: '{}' }).run({ force: false }, context));
});

test('a course that is done costs nothing, unless all is computed again', async () => {
  const whole = await estimateStage().run({ force: false }, context);
  const [{ courseId }] = await readJsonLines<{ courseId: string }>(context.store, runKeys.courses);
  for (const stage of ['size_jobs', 'structures', 'dvh', 'qc'])
    await (await loadStage(stage))?.run({ courseId, force: false }, context);
  const rest = await estimateStage().run({ force: false }, context);
  assert.equal(rest.courses, COURSES - 1);
  assert.ok(rest.highDollars < whole.highDollars);
  assert.deepEqual(await estimateStage().run({ force: true }, context), whole);

  await context.store.delete(courseKeys(courseId).status('qc'));
  assert.equal((await estimateStage().run({ force: false }, context)).courses, COURSES);
});

test('a course that cannot be sized costs nothing, and the others still count', async () => {
  const [{ courseId }] = await readJsonLines<{ courseId: string }>(context.store, runKeys.courses);
  const { course } = courseKeys(courseId);
  const whole = await context.store.get(course);
  await context.store.put(course, whole.slice(0, whole.length >> 1));
  assert.equal((await estimateStage().run({ force: true }, context)).courses, COURSES - 1);
  await context.store.put(course, whole);

  const get = async (key: string) => {
    if (key === course) throw new Transient('S3 is busy');
    return context.store.get(key);
  };
  const store = { ...context.store, get };
  await assert.rejects(estimateStage().run({ force: true }, { ...context, store }), Transient);
});
