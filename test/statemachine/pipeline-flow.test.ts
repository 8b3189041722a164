import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { LIMITS } from '#statemachine/engine/limits.ts';
import { mostInOneSecond, play } from '#test/fixtures/play-pipeline.ts';

const stagesOf = (outcome: { stages: { stage: string; status: string }[] }) =>
  Object.fromEntries(outcome.stages.map(({ stage, status }) => [stage, status]));

test('courses go through their stages in order, then the cohort is put together', async () => {
  const { ran, started, outcomes } = await play({ courses: ['aa', 'bb'], skip: [] });
  assert.deepEqual(ran.output, { runId: 'run-1', report: { reportKey: 'results/report.html' } });
  assert.deepEqual(
    started.filter((job) => job.startsWith('aa/')).map((job) => job.slice(3)),
    COURSE_STAGE_NAMES,
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

test('a large upload is cataloged batch by batch', async () => {
  const { ran, batches } = await play({ courses: ['aa'], catalogBatches: 3 });
  assert.equal(ran.status, 'SUCCEEDED');
  assert.deepEqual([...batches].sort(), [0, 1, 2]);
});

test('a run with more courses than the deployment allows ends before any job', async () => {
  const { ran, started } = await play({ courses: ['aa', 'bb', 'cc'], mostCourses: 2 });
  assert.deepEqual([ran.status, ran.error, started], ['FAILED', 'TooManyCourses', []]);
  assert.match(ran.cause ?? '', /^3 courses, and the deployment takes 2 in a run/);
  assert.equal((await play({ courses: ['aa', 'bb'], mostCourses: 2 })).ran.status, 'SUCCEEDED');
});

test('a run that may cost more than the deployment allows ends before any job, and says both amounts', async () => {
  const { ran, started } = await play({ courses: ['aa', 'bb'], mostDollars: 12.5, highDollars: 12.51 });
  assert.deepEqual([ran.status, ran.error, started], ['FAILED', 'TooExpensive', []]);
  assert.equal(
    ran.cause,
    '2 courses to compute cost about $ 6.26, and at most $ 12.51. The deployment allows $ 12.5 in a run: send fewer, or raise mostDollars and send the marker again',
  );
});

test('a run within the limit of dollars goes on', async () => {
  const { ran, started } = await play({ courses: ['aa'], mostDollars: 12.5, highDollars: 12.5 });
  assert.deepEqual([ran.status, started.at(-1)], ['SUCCEEDED', 'cohort/aggregate']);
});

test('a cohort that cannot be put together fails the run', async () => {
  const { ran, started } = await play({ courses: ['aa'], exits: { 'cohort/aggregate': 1 } });
  assert.deepEqual([ran.status, ran.error], ['FAILED', 'States.TaskFailed']);
  const { Error: error, Cause: cause } = JSON.parse(ran.cause ?? '');
  assert.deepEqual([error, cause], ['AggregateFailed', 'failed: no reason given, exit code 1']);
  assert.equal(started.filter((job) => job === 'cohort/aggregate').length, 2, 'it is tried once more');
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

for (const deployedConcurrency of [40, 100]) {
  test(`${deployedConcurrency} simultaneous courses never submit 50 jobs in a second`, async () => {
    const { ran, submittedMs } = await play({ courses: courseIds(2 * deployedConcurrency), deployedConcurrency });
    assert.equal(ran.status, 'SUCCEEDED');
    assert.ok(mostInOneSecond(submittedMs) < 50);
  });
}

test('without spreading, simultaneous courses would exceed 50 submissions in a second', async () => {
  const { submittedMs } = await play({ courses: courseIds(40) });
  assert.ok(mostInOneSecond(submittedMs) >= 50);
});

function courseIds(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `c${i}`);
}
