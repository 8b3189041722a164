import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { codeDigest } from '#lib/code-digest.ts';
import { parseConfig } from '#lib/config.ts';
import type { StageContext } from '#lib/course-store/context.ts';
import { readJson, sha256, stableJson, writeJson } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Course } from '#lib/rt/course.ts';
import { type CourseStage, courseStage, recordSkip, standingStatus } from '#lib/stages/course-stage.ts';
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

const stage: CourseStage = {
  name: 'dvh',
  configuration: (config) => config.dvh,
  claim: (_, config) =>
    config.qc.enabled ? { vcpus: 1, memoryMiB: 1, gpu: 0, timeoutSeconds: 0 } : { skip: 'disabled' },
  async compute(_course, _config, { store }) {
    computed++;
    await compute();
    await writeJson(store, output, { rows: [1, 2, 3] });
    return { status: 'ok', findings: [] };
  },
};

beforeEach(async () => {
  computed = 0;
  compute = async () => {};
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
  ['the course changes', () => writeJson(context.store, keys.course, { courseId, startDate: '2024-01-01' })],
  [
    'its part of the configuration changes',
    () => writeJson(context.store, runKeys.config, { dvh: { end_cap: 'none' } }),
  ],
  [
    'the result of an earlier stage changes',
    () => writeJson(context.store, keys.status('structures'), { status: 'ok', outputDigest: 'other' }),
  ],
  [
    'an earlier stage fails',
    () => writeJson(context.store, keys.status('structures'), { status: 'failed', outputDigest: '' }),
  ],
  ['an output is gone', () => context.store.delete(output)],
  ['an output is cut', () => context.store.put(output, new Uint8Array(3))],
  ['its status is half written', () => context.store.put(keys.status('dvh'), new TextEncoder().encode('{"stage":"dv'))],
];

for (const [what, change] of changes) {
  test(`it computes again when ${what}`, async () => {
    await run();
    await change();
    assert.equal((await run()).resumed, false);
    assert.equal(computed, 2);
  });
}

test('it computes again when other code made the result', async () => {
  await run();
  const made = await status();
  const course = sha256(await context.store.get(keys.course));
  const config = stage.configuration(parseConfig({}));
  const digestOf = (code: string) =>
    sha256(stableJson({ stage: 'dvh', code, course, upstream: [['structures', 'absent', '']], config }));
  assert.equal(made.inputDigest, digestOf(codeDigest().all));
  await writeJson(context.store, keys.status('dvh'), { ...made, inputDigest: digestOf('0123456789abcdef') });
  assert.equal((await run()).resumed, false);
});

test('it does not compute again when another part of the configuration changes', async () => {
  await run();
  await writeJson(context.store, runKeys.config, { radiomics: { min_voxels: 99 } });
  assert.equal((await run()).resumed, true);
});

test('it computes again when it is told to', async () => {
  await run();
  assert.equal((await run(true)).resumed, false);
});

test('a failure is recorded with its reason, thrown on, and never taken for done', async () => {
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

test('what an earlier stage would have written is missed by the name of that stage', async () => {
  compute = async () => void (await context.store.get(keys.part('structures', 'records')));
  await assert.rejects(run(), {
    name: 'BadInput',
    message: /^dvh needs structures, which has not run: --stage structures dvh/,
  });
  await writeJson(context.store, keys.status('structures'), { status: 'ok', outputDigest: '' });
  await assert.rejects(run(), { name: 'StoreMissing' });
});

test('a stage that is stopped leaves no status: it is not failed, it has not run', async () => {
  compute = async () => {
    stop.abort();
    throw new Error('stopped');
  };
  await assert.rejects(run());
  assert.equal(await context.store.head(keys.status('dvh')), undefined);
});

test('a skip stands as long as the configuration says so, whatever earlier stages do', async () => {
  const off = parseConfig({ qc: { enabled: false } });
  const course = { courseId } as Course;
  await recordSkip(stage, courseId, off, 'disabled', context);
  await writeJson(context.store, keys.status('structures'), { status: 'ok', outputDigest: 'new' });
  assert.equal((await standingStatus(stage, course, off, context.store))?.reason, 'disabled');
  assert.equal(await standingStatus(stage, course, parseConfig({}), context.store), undefined);
});
