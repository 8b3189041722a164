import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { courseStage } from '#lib/stages/course-stage.ts';
import { COURSE_STAGES } from '#lib/stages/course-stages.ts';
import { plan } from '#lib/stages/size-jobs.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';

const courseId = '0123456789abcdef';
const keys = courseKeys(courseId);
const CONFIG = { custom_models: { enabled: true }, radiomics_robustness: { enabled: true } };
const image = { modality: 'CT', role: 'planning', rows: 2, columns: 2, instances: [{ key: 'a' }] };

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

async function planned(context: StageContext, force = false): Promise<string[]> {
  const { jobs } = await plan.run({ courseId, force }, context);
  return COURSE_STAGE_NAMES.filter((name) => !jobs[name].skip);
}

const ANALYSES = ['structures', 'dvh', 'radiomics', 'qc', 'robustness'];
const ALL = ['segmentation', 'custom_models', ...ANALYSES];

/** What is changed, and the jobs that follow. */
const CASES: [string, object, boolean, string[]][] = [
  ['nothing', {}, false, []],
  ['--force-redo', {}, true, ALL],
  ['--force-segmentation', { segmentation: { force: true } }, false, ALL],
  ['--force-custom-models', { custom_models: { enabled: true, force: true } }, false, ALL.slice(1)],
  ['a setting of the DVHs', { dvh: { end_cap: 'none' } }, false, ['dvh']],
  ['a number of workers', { workers: 2 }, false, []],
];

for (const [what, config, force, jobs] of CASES) {
  test(`after ${what} the jobs of a finished course are: ${jobs.join(', ') || 'none'}`, async () => {
    const context = await doneCourse();
    await writeJson(context.store, runKeys.config, { ...CONFIG, ...config });
    assert.deepEqual(await planned(context, force), jobs);
  });
}

test('a stage that failed is planned again with all that reads its results, and so is one without its status', async () => {
  const context = await doneCourse();
  const status = await readJson<object>(context.store, keys.status('structures'));
  await writeJson(context.store, keys.status('structures'), { ...status, status: 'failed' });
  assert.deepEqual(await planned(context), ANALYSES);
  await writeJson(context.store, keys.status('structures'), status);
  await context.store.delete(keys.status('qc'));
  assert.deepEqual(await planned(context), ['qc']);
});
