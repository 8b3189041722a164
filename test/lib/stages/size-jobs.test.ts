import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { COURSE_STAGES } from '#lib/stages/course-stages.ts';
import { sizeJobs } from '#lib/stages/size-jobs.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';

const courseId = '0123456789abcdef';
const keys = courseKeys(courseId);
const CONFIG = { custom_models: { enabled: true }, radiomics_robustness: { enabled: true } };
const pixels = { rows: 2, columns: 2, pixelSpacingMm: [1, 1], sliceIncrementMm: 3 };
const image = { modality: 'CT', role: 'planning', ...pixels, instances: [{ key: 'a' }] };

/** A course whose stages have all ended well. */
async function doneCourse() {
  const store = memoryStore();
  const signal = new AbortController().signal;
  const pool = inlinePool();
  const context: StageContext = { input: memoryStore(), store, pool, log: silentLog, signal, now: () => new Date(0) };
  await writeJson(store, keys.course, { courseId, images: [image], structureSets: [] });
  await writeJson(store, runKeys.config, CONFIG);
  for (const stage of COURSE_STAGES) {
    const compute = async () => ({ status: 'ok' as const, findings: [] });
    await courseStage({ ...stage, compute }).run({ courseId, force: false }, context);
  }
  return context;
}

async function due(context: StageContext, force = false): Promise<string[]> {
  const { jobs } = await sizeJobs.run({ courseId, force }, context);
  return COURSE_STAGE_NAMES.filter((name) => !jobs[name].skip);
}

const ANALYSES = ['structures', 'dvh', 'radiomics', 'qc', 'robustness'];
const ALL = ['segmentation', 'custom_models', ...ANALYSES];

/** Settings that change no number. */
const MEANS = {
  workers: 3,
  task_timeout: 7,
  segmentation: { workers: 2, threads_per_worker: 2, timeout: 5, command: '/opt/bin/TotalSegmentator', license: 'x' },
  custom_models: { enabled: true, workers: 2, timeout: 5, nnunet_predict: '/opt/bin/predict', retain_weights: false },
  radiomics: { workers: 2, sequential: true, task_timeout: 5 },
  radiomics_robustness: { enabled: true, task_timeout: 5 },
  aggregation: { threads: 2, file_timeout: 5 },
};

/** What is changed, and the jobs that follow. */
const CASES: [string, object, boolean, string[]][] = [
  ['nothing', {}, false, []],
  ['--force-redo', {}, true, ALL],
  ['--force-segmentation', { segmentation: { force: true } }, false, ALL],
  ['--force-custom-models', { custom_models: { enabled: true, force: true } }, false, ALL.slice(1)],
  ['a setting of the DVHs', { dvh: { end_cap: 'none' } }, false, ['dvh']],
  ['a number of workers', { workers: 2 }, false, []],
  ['workers, threads and limits of time', MEANS, false, []],
];

for (const [what, config, force, jobs] of CASES) {
  test(`after ${what} the jobs of a finished course are: ${jobs.join(', ') || 'none'}`, async () => {
    const context = await doneCourse();
    await writeJson(context.store, runKeys.config, { ...CONFIG, ...config });
    assert.deepEqual(await due(context, force), jobs);
  });
}

test('a failed stage, and one without status, runs again with all stages that read its results', async () => {
  const context = await doneCourse();
  const status = await readJson<object>(context.store, keys.status('structures'));
  await writeJson(context.store, keys.status('structures'), { ...status, status: 'failed' });
  assert.deepEqual(await due(context), ANALYSES);
  await writeJson(context.store, keys.status('structures'), status);
  await context.store.delete(keys.status('qc'));
  assert.deepEqual(await due(context), ['qc']);
});

/** A course whose stages have all ended well, each with a table and a mask. */
async function courseWithOutputs() {
  const context = await doneCourse();
  for (const stage of COURSE_STAGES) {
    const compute = async (_: unknown, { store }: StageContext) => {
      await writeJson(store, keys.part(stage.name, 'table'), { rows: [stage.name] });
      await store.put(keys.file(stage.name, 'mask.nii.gz'), new TextEncoder().encode(stage.name));
      return { status: 'ok' as const, findings: [] };
    };
    await courseStage({ ...stage, compute }).run({ courseId, force: true }, context);
  }
  return context;
}

async function flip({ store }: StageContext, key: string): Promise<void> {
  const body = await store.get(key);
  await store.put(key, body.with(body.length - 1, body[body.length - 1] ^ 1));
}

test('a changed digit in a table: its stage runs again and is told which file changed', async () => {
  const context = await courseWithOutputs();
  assert.deepEqual(await due(context), []);
  await flip(context, keys.part('dvh', 'table'));
  assert.deepEqual(await due(context), ['dvh']);
  const { input } = await readJson<{ input: { damaged: string[] } }>(context.store, keys.task('dvh'));
  assert.deepEqual(input.damaged, [keys.part('dvh', 'table')]);
});

test('a flipped bit in a mask is found when a stage is about to read it, and the stage that made it runs too', async () => {
  const context = await courseWithOutputs();
  await flip(context, keys.file('structures', 'mask.nii.gz'));
  assert.deepEqual(await due(context), [], 'nobody reads it');
  await writeJson(context.store, runKeys.config, { ...CONFIG, dvh: { end_cap: 'none' } });
  assert.deepEqual(await due(context), ANALYSES);
});

test('a dose replaced under the same UID: stages that read doses run again, radiomics does not', async () => {
  const context = await courseWithOutputs();
  const course = await readJson<object>(context.store, keys.course);
  await writeJson(context.store, keys.course, { ...course, doses: [{ sopInstanceUid: '1.2', version: '2' }] });
  assert.deepEqual(await due(context), ['dvh', 'qc']);
});

test('a stage that the run leaves out is skipped with a finding, unless it has a valid result', async () => {
  const context = await doneCourse();
  const leftOut = { segmentation: 'no hosts with a GPU' };
  await writeJson(context.store, runKeys.request, { leftOut });
  assert.deepEqual(await due(context), []);
  const forced = await due(context, true);
  assert.deepEqual([forced.includes('segmentation'), forced.includes('structures')], [false, true]);
  const { status, reason, findings } = await readJson<StageStatus>(context.store, keys.status('segmentation'));
  assert.deepEqual([status, reason], ['skipped', 'no hosts with a GPU']);
  assert.deepEqual(
    findings.map(({ code, message }) => `${code} ${message}`),
    ['STAGE_LEFT_OUT segmentation was left out: no hosts with a GPU'],
  );
  await writeJson(context.store, runKeys.request, {});
  assert.ok((await due(context)).includes('segmentation'), 'the next run does it');
});
