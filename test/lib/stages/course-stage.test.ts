import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { codeDigest } from '#lib/code-digest.ts';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, sha256, stableJson, writeJson } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import { finding } from '#lib/findings.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Course } from '#lib/rt/course.ts';
import { courseStage, recordSkip } from '#lib/stages/course-stage.ts';
import { type CourseResult, defineCourseStage } from '#lib/stages/define-course-stage.ts';
import { doneStatus, standingStatus } from '#lib/stages/standing.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';

const courseId = '0123456789abcdef';
const keys = courseKeys(courseId);
const output = keys.part('dvh', 'table');

let context: StageContext;
let computed: number;
let stop: AbortController;
let compute: () => Promise<void>;
let result: CourseResult;

const stage = defineCourseStage({
  name: 'dvh',
  reads: ['courseId', 'doses'],
  configuration: (config) => config.dvh,
  means: (config) => ({ limit: config.task_timeout }),
  claim: (_, config) =>
    config.qc.enabled ? { cpus: 1, memoryMiB: 1, gpus: 0, timeoutSeconds: 0 } : { skip: 'disabled' },
  async compute(_, { store }) {
    computed++;
    await compute();
    await writeJson(store, output, { rows: [1, 2, 3] });
    return result;
  },
});

beforeEach(async () => {
  computed = 0;
  compute = async () => {};
  result = { status: 'ok', findings: [] };
  stop = new AbortController();
  const store = memoryStore();
  context = {
    input: memoryStore(),
    store,
    pool: inlinePool(),
    log: silentLog,
    signal: stop.signal,
    now: () => new Date(0),
  };
  await writeJson(store, runKeys.config, {});
  await writeJson(store, keys.course, { courseId });
});

const run = (force = false) => courseStage(stage).run({ courseId, force }, context);
const status = () => readJson<StageStatus>(context.store, keys.status('dvh'));

test('a stage computes once and is then found done', async () => {
  assert.deepEqual(await run(), { courseId, stage: 'dvh', status: 'ok', reason: '', resumed: false });
  assert.deepEqual(await run(), { courseId, stage: 'dvh', status: 'ok', reason: '', resumed: true });
  assert.equal(computed, 1);
  assert.deepEqual(
    (await status()).outputs.map(({ key }) => key),
    [output],
  );
});

const changes: [what: string, change: () => Promise<void>][] = [
  [
    'a field of the course that it reads changes',
    () => writeJson(context.store, keys.course, { courseId, doses: [1] }),
  ],
  [
    'its part of the configuration changes',
    () => writeJson(context.store, runKeys.config, { dvh: { end_cap: 'none' } }),
  ],
  [
    'the result of an earlier stage changes',
    () => writeJson(context.store, keys.status('structures'), upstream('ok', 'other')),
  ],
  ['an earlier stage fails', () => writeJson(context.store, keys.status('structures'), upstream('failed', ''))],
  ['an output is gone', () => context.store.delete(output)],
  ['an output is cut', () => context.store.put(output, new Uint8Array(3))],
  ['its status is half written', () => context.store.put(keys.status('dvh'), new TextEncoder().encode('{"stage":"dv'))],
];

for (const [what, change] of changes) {
  test(`a stage recomputes when ${what}`, async () => {
    await run();
    await change();
    assert.equal((await run()).resumed, false);
    assert.equal(computed, 2);
  });
}

test('a stage recomputes when other code made the result', async () => {
  await run();
  const made = await status();
  const digestOf = (code: string) =>
    sha256(
      stableJson({
        stage: 'dvh',
        code,
        course: { courseId },
        upstream: [['structures', 'absent', '']],
        config: stage.configuration(parseConfig({})),
      }),
    );
  assert.equal(made.inputDigest, digestOf(codeDigest().all));
  await writeJson(context.store, keys.status('dvh'), { ...made, inputDigest: digestOf('0123456789abcdef') });
  assert.equal((await run()).resumed, false);
});

test('a stage does not recompute when a course field changes that it does not read', async () => {
  await run();
  await writeJson(context.store, keys.course, { courseId, startDate: '2024-01-01' });
  assert.equal((await run()).resumed, true);
});

test('a changed time limit does not recompute finished results', async () => {
  await run();
  await writeJson(context.store, runKeys.config, { task_timeout: 5 });
  assert.equal((await run()).resumed, true);
});

test('compute receives only the fields and settings that its digest covers', async () => {
  let seen: unknown;
  const curious = defineCourseStage({
    ...stage,
    async compute({ course, config, means, force }) {
      seen = { course, config: Object.keys(config), means, force };
      return { status: 'ok', findings: [] };
    },
  });
  await writeJson(context.store, keys.course, { courseId, doses: [], images: ['not read'] });
  await courseStage(curious).run({ courseId, force: true }, context);
  const config = Object.keys(parseConfig({}).dvh);
  assert.deepEqual(seen, { course: { courseId, doses: [] }, config, means: { limit: 0 }, force: true });
});

test('a partial result is used, is written with its findings, and is recomputed next time', async () => {
  const findings = [finding('ROI_NOT_COMPUTED', 'roi 1 (manual)', 'the task took longer than 1 s')];
  result = { status: 'partial', reason: '1 structure without a result', findings };
  const answer = await run();
  assert.deepEqual([answer.status, answer.resumed], ['partial', false]);
  const { findings: written, outputs } = await status();
  assert.deepEqual([written, outputs.length], [findings, 1]);
  const standing = await standingStatus(stage, { courseId } as Course, parseConfig({}), context.store);
  assert.equal(standing?.status, 'partial');
  result = { status: 'ok', findings: [] };
  assert.deepEqual([(await run()).resumed, (await run()).resumed], [false, true]);
});

test('after a lack of memory the partial result is written and the error asks for more memory', async () => {
  result = { status: 'partial', reason: 'PTV', findings: [], error: new RangeError('Array buffer allocation failed') };
  await assert.rejects(run(), { name: 'PartlyOutOfMemory', exitCode: 71 });
  assert.equal((await status()).status, 'partial');
});

test('a stage skipped for a missing program looks again when the configuration names another place', async () => {
  result = { status: 'skipped', reason: 'no program', findings: [] };
  assert.deepEqual([(await run()).resumed, (await run()).resumed], [false, true]);
  await writeJson(context.store, runKeys.config, { task_timeout: 5 });
  assert.equal((await run()).resumed, false);
});

test('a damaged result in the plan is recomputed, with a finding', async () => {
  await run();
  await courseStage(stage).run({ courseId, force: false, damaged: [output] }, context);
  assert.equal(computed, 2);
  assert.deepEqual(
    (await status()).findings.map(({ code, where }) => [code, where]),
    [['OUTPUT_DAMAGED', output]],
  );
});

test('a changed result of an earlier stage is refused', async () => {
  const key = keys.mask(0);
  const mask = new TextEncoder().encode('mask');
  const outputs = [{ key, bytes: mask.length, sha256: sha256(mask) }];
  await writeJson(context.store, keys.status('structures'), { ...upstream('ok', 'x'), outputs });
  const reads = defineCourseStage({
    ...stage,
    async compute(_, { store }) {
      await store.get(key);
      return { status: 'ok', findings: [] };
    },
  });
  const readIt = () => courseStage(reads).run({ courseId, force: true }, context);
  await context.store.put(key, new TextEncoder().encode('mesk'));
  await assert.rejects(readIt(), { name: 'DamagedResult', where: key, exitCode: 65 });
  await context.store.put(key, mask);
  assert.equal((await readIt()).status, 'ok');
});

test('a stage does not recompute when another part of the configuration changes', async () => {
  await run();
  await writeJson(context.store, runKeys.config, { radiomics: { min_voxels: 99 } });
  assert.equal((await run()).resumed, true);
});

test('a stage recomputes with --force', async () => {
  await run();
  assert.equal((await run(true)).resumed, false);
});

test('a failure is recorded with its reason, thrown on, and never counts as done', async () => {
  compute = async () => {
    throw new BadInput('the dose is broken', { where: '1.2.3' });
  };
  await assert.rejects(run(), { name: 'BadInput' });
  assert.equal((await status()).status, 'failed');
  assert.equal((await status()).reason, 'BadInput: the dose is broken (1.2.3)');
  compute = async () => {};
  assert.equal((await run()).resumed, false);
  assert.equal((await status()).status, 'ok');
});

test('a missing result of an earlier stage is reported with the name of that stage', async () => {
  compute = async () => void (await context.store.get(keys.part('structures', 'records')));
  await assert.rejects(run(), {
    name: 'BadInput',
    message: 'dvh needs results of structures. Run both: --stage structures dvh',
  });
  await writeJson(context.store, keys.status('structures'), { status: 'ok', outputDigest: '' });
  await assert.rejects(run(), { name: 'StoreMissing' });
});

test('a stopped stage leaves no status', async () => {
  compute = async () => {
    stop.abort();
    throw new Error('stopped');
  };
  await assert.rejects(run());
  assert.equal(await context.store.head(keys.status('dvh')), undefined);
});

test('a skipped stage stays skipped as long as the configuration says so', async () => {
  const off = parseConfig({ qc: { enabled: false } });
  const course = { courseId } as Course;
  await recordSkip(stage, courseId, 'disabled', context);
  await writeJson(context.store, keys.status('structures'), upstream('ok', 'new'));
  assert.equal((await standingStatus(stage, course, off, context.store))?.reason, 'disabled');
  assert.equal((await doneStatus(stage, course, off, context.store))?.reason, 'disabled');
  assert.equal(await standingStatus(stage, course, parseConfig({}), context.store), undefined);
});

/** A status of an earlier stage. */
function upstream(verdict: StageStatus['status'], outputDigest: string): StageStatus {
  const when = { startedAt: new Date(0).toISOString(), seconds: 0, peakMemoryMiB: 0 };
  const digests = { inputDigest: '', meansDigest: '', outputDigest, codeVersion: '' };
  return { stage: 'structures', status: verdict, reason: '', ...digests, ...when, findings: [], outputs: [] };
}
