import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualClock } from '#statemachine/engine/clock.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Integration, Integrations } from '#statemachine/engine/integration.ts';
import type { Json, JsonObject } from '#statemachine/engine/json.ts';
import { LIMITS } from '#statemachine/engine/limits.ts';
import { startExecution } from '#statemachine/engine/nested.ts';
import { loadPipeline } from '#test/fixtures/pipeline.ts';
import { memoryBucket, runMachine } from '#test/fixtures/state-machine.ts';

const pipeline = loadPipeline('pipeline.asl.json');
const stageJob = loadPipeline('stage-job.asl.json');
const COURSE_STAGES = ['segmentation', 'custom_models', 'structures', 'dvh', 'radiomics', 'qc', 'robustness'];

const INPUT: JsonObject = {
  runId: 'run-1',
  inputUri: 's3://in/upload',
  storeUri: 's3://b/out',
  inputBucket: 'in',
  inputPrefix: 'upload/',
  bucket: 'b',
  prefix: 'out/',
  force: false,
};

interface Scene {
  courses: string[];
  /** `<course>/<stage>` whose job ends with this exit code. */
  exits?: Record<string, number>;
  skip?: string[];
  unplannable?: string[];
  catalogComplete?: boolean;
  uploads?: string[];
}

/** Functions that answer as the stages do, and jobs that take a second each. */
async function play({
  courses,
  exits = {},
  skip = ['robustness'],
  unplannable = [],
  catalogComplete = true,
  uploads = [],
}: Scene) {
  const clock = virtualClock();
  const objects: Record<string, string> = {
    'out/run/courses.jsonl': courses.map((courseId) => JSON.stringify({ courseId })).join('\n'),
    ...Object.fromEntries(uploads.map((key) => [`upload/${key}`, ''])),
  };
  const started: string[] = [];
  const batches: Json[] = [];
  const jobFor = (owner: string, stage: string): JsonObject => ({
    task: `s3://b/out/${owner}/tasks/${stage}.json`,
    statusKey: `${owner}/status/${stage}.json`,
    vcpus: 2,
    memoryMiB: 4096,
    gpu: stage === 'segmentation' || stage === 'custom_models' ? 1 : 0,
    timeoutSeconds: 0,
    skip: skip.includes(stage),
  });
  const functions: Record<string, (input: JsonObject) => Json> = {
    catalog: ({ objects }) => {
      if (objects) batches.push(objects);
      return { complete: catalogComplete };
    },
    organize: () => ({
      coursesKey: 'run/courses.jsonl',
      courses: courses.length,
      aggregate: jobFor('cohort', 'aggregate'),
    }),
    plan: ({ courseId }) => {
      if (unplannable.includes(String(courseId))) throw new Failure('BadInput', 'no course.json');
      return { jobs: Object.fromEntries(COURSE_STAGES.map((stage) => [stage, jobFor(String(courseId), stage)])) };
    },
    report: () => ({ reportKey: 'results/report.html' }),
  };
  const invoke: Integration = async ({ Payload }) => {
    const { stage, input } = Payload as { stage: string; input: JsonObject };
    return { StatusCode: 200, Payload: functions[stage](input) };
  };
  const submitJob: Integration = async ({ Parameters }, { signal }) => {
    const [, owner, stage] = /out\/(.+)\/tasks\/(.+)\.json$/.exec(String((Parameters as JsonObject).task))!;
    started.push(`${owner}/${stage}`);
    await clock.sleep(1000, signal);
    const ExitCode = exits[`${owner}/${stage}`] ?? 0;
    if (ExitCode !== 0)
      throw new Failure('States.TaskFailed', JSON.stringify({ JobId: 'j', Attempts: [{ Container: { ExitCode } }] }));
    return { JobId: 'j' };
  };
  const bucket = memoryBucket(objects);
  const integrations: Integrations = {
    ...bucket,
    'aws-sdk:s3:putObject': bucket['s3:putObject'],
    'lambda:invoke': invoke,
    'batch:submitJob.sync': submitJob,
    'sns:publish': async () => ({ MessageId: 'm' }),
  };
  const histories = new Map<string, number>();
  const onEvent = (path: string, { id }: { id: number }) => histories.set(path, id);
  integrations['states:startExecution.sync:2'] = startExecution({ StageJobStateMachineArn: stageJob }, () => ({
    clock,
    integrations,
    onEvent,
  }));
  const ran = await runMachine(pipeline, INPUT, { clock, integrations, onEvent });
  const rows = (outcome: string): JsonObject[] =>
    JSON.parse(objects[`out/run/courses/00000000-0000-4000-8000-000000000000/${outcome}_0.json`] ?? '[]');
  const outcomes = rows('SUCCEEDED').map(({ Output }) => JSON.parse(String(Output)));
  return { ran, started, outcomes, failed: rows('FAILED'), batches, histories, objects };
}

const stagesOf = (outcome: { stages: { stage: string; status: string }[] }) =>
  Object.fromEntries(outcome.stages.map(({ stage, status }) => [stage, status]));

test('courses go through their stages in order, then the cohort is put together', async () => {
  const { ran, started, outcomes } = await play({ courses: ['aa', 'bb'], skip: [] });
  assert.deepEqual(ran.output, { runId: 'run-1', report: { reportKey: 'results/report.html' } });
  assert.deepEqual(
    started.filter((job) => job.startsWith('aa/')).map((job) => job.slice(3)),
    COURSE_STAGES,
  );
  assert.equal(started.at(-1), 'cohort/aggregate');
  assert.deepEqual(
    outcomes.map(({ courseId, status }) => [courseId, status]),
    [
      ['aa', 'done'],
      ['bb', 'done'],
    ],
  );
  assert.equal(ran.elapsedMs, 6000);
});

test('a skipped stage starts no job and is named in the outcome', async () => {
  const { started, outcomes } = await play({ courses: ['aa'], skip: ['segmentation', 'custom_models', 'robustness'] });
  assert.deepEqual(started, ['aa/structures', 'aa/dvh', 'aa/radiomics', 'aa/qc', 'cohort/aggregate']);
  assert.equal(stagesOf(outcomes[0]).segmentation, 'skipped');
});

/** The stage that fails in course aa, and what is left of the course. */
const FAILING: [string, string[]][] = [
  ['segmentation', ['segmentation', 'custom_models', 'structures', 'dvh', 'radiomics', 'qc']],
  ['structures', ['segmentation', 'custom_models', 'structures']],
  ['dvh', ['segmentation', 'custom_models', 'structures', 'dvh', 'radiomics', 'qc']],
];

for (const [stage, ran] of FAILING) {
  test(`when ${stage} fails the course is failed, ${ran.at(-1)} is its last stage, and the run goes on`, async () => {
    const { ran: execution, outcomes } = await play({ courses: ['aa', 'bb'], exits: { [`aa/${stage}`]: 65 } });
    assert.equal(execution.status, 'SUCCEEDED');
    const [aa, bb] = outcomes;
    assert.deepEqual([aa.status, bb.status], ['failed', 'done']);
    assert.deepEqual(stagesOf(aa), Object.fromEntries(ran.map((name) => [name, name === stage ? 'failed' : 'done'])));
  });
}

test('a course that cannot be planned fails alone', async () => {
  const { ran, outcomes, failed } = await play({ courses: ['aa', 'bb', 'cc'], unplannable: ['bb'] });
  assert.equal(ran.status, 'SUCCEEDED');
  assert.deepEqual(
    outcomes.map(({ courseId }) => courseId),
    ['aa', 'cc'],
  );
  assert.deepEqual(
    failed.map((row) => [row.Error, row.Cause]),
    [['BadInput', 'no course.json']],
  );
});

test('a large upload is catalogued in batches of its objects', async () => {
  const uploads = Array.from({ length: 1200 }, (_, i) => `${i}.dcm`);
  const { ran, batches } = await play({ courses: ['aa'], catalogComplete: false, uploads });
  assert.equal(ran.status, 'SUCCEEDED');
  assert.deepEqual(
    batches.map((batch) => (batch as Json[]).length),
    [500, 500, 200],
  );
  assert.deepEqual((batches[0] as Json[])[0], { key: 'upload/0.dcm', bytes: 0, version: '"upload/0.dcm"' });
});

test('a cohort that cannot be put together fails the run', async () => {
  const { ran } = await play({ courses: ['aa'], exits: { 'cohort/aggregate': 1 } });
  assert.deepEqual([ran.status, ran.error], ['FAILED', 'AggregateFailed']);
});

test('an upload without a course still ends with tables and a report', async () => {
  const { ran, started } = await play({ courses: [] });
  assert.deepEqual([ran.status, started], ['SUCCEEDED', ['cohort/aggregate']]);
});

test('the history of the run does not grow with the number of courses', async () => {
  const [few, many] = [await play({ courses: courseIds(2) }), await play({ courses: courseIds(60) })];
  assert.equal(many.histories.get('run'), few.histories.get('run'));
  assert.ok(Math.max(...many.histories.values()) < LIMITS.historyEvents / 100);
});

function courseIds(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `c${i}`);
}
