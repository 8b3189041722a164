import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { writeJson, writeJsonLines } from '#lib/course-store/json.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type Answer, type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addWatch } from '../../../cli/commands/watch.ts';

const RUN = 's3://results/runs/u1';
const ARN = 'arn:aws:states:us-east-1:111122223333:execution:rtpipeline:u1-abc';
const STAGES = ['segmentation', 'custom_models', 'structures', 'dvh', 'radiomics', 'qc', 'robustness'];

const answers: Record<string, Answer> = {};
let aws: LocalAws;
let store: ObjectStore;

before(async () => {
  aws = await startLocalAws(answers);
  store = await openStore(RUN);
});
after(() => aws.close());
beforeEach(() => aws.objects.clear());

function watch(...flags: string[]) {
  return runCommand(addWatch, 'watch', RUN, '--every', '0.02', ...flags);
}

/** The words of the line of a course, or of the head. */
function lineOf(output: string, start: string): string[] {
  return (
    output
      .split('\n')
      .findLast((line) => line.startsWith(start))
      ?.trim()
      .split(/ {2,}/) ?? []
  );
}

async function start(courses: string[]): Promise<void> {
  await writeJson(store, runKeys.execution, { name: 'u1-abc', arn: ARN });
  if (courses.length > 0)
    await writeJsonLines(
      store,
      runKeys.courses,
      courses.map((courseId) => ({ courseId, displayName: 'x', complexity: 1 })),
    );
}

async function end(courseId: string, stage: string, status: string): Promise<void> {
  const digests = { inputDigest: '', outputDigest: '', codeVersion: '' };
  const figures = { startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, peakMemoryMiB: 100, findings: [], outputs: [] };
  await writeJson(store, courseKeys(courseId).status(stage), { stage, status, reason: '', ...digests, ...figures });
}

test('watch reports a run from waiting through courses and stages to its end', async () => {
  const steps: (() => Promise<void>)[] = [
    async () => {},
    () => start(['c1', 'c2']).then(() => end('c1', 'structures', 'ok')),
    () => end('c1', 'dvh', 'failed').then(() => end('c2', 'structures', 'skipped')),
  ];
  await start([]);
  const pictures: string[] = [];
  answers.DescribeExecution = async ({ executionArn }) => {
    assert.equal(executionArn, ARN);
    pictures.push('');
    await steps.shift()?.();
    return { executionArn, name: 'u1-abc', status: steps.length > 0 ? 'RUNNING' : 'SUCCEEDED', startDate: 1 };
  };
  const { output, exitCode } = await watch();
  assert.equal(exitCode, 0);
  assert.equal(pictures.length, 3);
  const states = output.split('\n').filter((line) => line.startsWith('u1-abc: '));
  assert.deepEqual(states, ['u1-abc: RUNNING', 'u1-abc: RUNNING', 'u1-abc: SUCCEEDED']);
  assert.match(output, /^u1-abc: RUNNING\nNo courses yet\./);
  assert.deepEqual(lineOf(output, 'course'), ['course', 'state', ...STAGES]);
  assert.deepEqual(lineOf(output, 'c1'), [
    'c1',
    'failed',
    'not run',
    'not run',
    'ok',
    'failed',
    'not run',
    'not run',
    'not run',
  ]);
  assert.deepEqual(lineOf(output, 'c2').slice(0, 5), ['c2', 'open', 'not run', 'not run', 'skipped']);
});

test('a course is done when all its stages have ended', async () => {
  await start(['c1']);
  for (const stage of STAGES) await end('c1', stage, stage === 'segmentation' ? 'skipped' : 'ok');
  answers.DescribeExecution = () => ({ name: 'u1-abc', status: 'RUNNING', startDate: 1 });
  const { output } = await watch('--once');
  assert.deepEqual(lineOf(output, 'c1'), ['c1', 'done', 'skipped', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
});

test('watch waits for a run to appear, and gives up with a message', async () => {
  for (const flags of [['--once'], ['--wait', '0.05']])
    assert.match((await watch(...flags)).refusal ?? '', /no run found here/);
});

test('before the start watch says that it waits, or why the upload was rejected', async () => {
  await writeJson(store, runKeys.config, {});
  assert.match((await watch('--once')).output, /^run: WAITING\nNo courses yet\.$/);
  await writeJson(store, runKeys.rejected, { reason: '3 objects of 4' });
  const { output, exitCode } = await watch();
  assert.match(output, /^run: REJECTED \(3 objects of 4\)/);
  assert.equal(exitCode, 1);
});

test('a failed run ends with every failed stage, its reason and a link to its log', async () => {
  await start(['c1']);
  await end('c1', 'dvh', 'failed');
  const failed = {
    stage: 'dvh',
    status: 'failed',
    why: 'oom',
    reason: 'memory',
    attempts: 4,
    logStream: 'dvh/default/1',
  };
  const Output = JSON.stringify({ courseId: 'c1', status: 'failed', stages: [failed] });
  await writeJson(store, `${runKeys.mapResults}x/SUCCEEDED_0.json`, [{ Output }]);
  answers.DescribeExecution = () => ({ name: 'u1-abc', status: 'FAILED', error: 'TooMany', cause: 'c', startDate: 1 });
  const { output, exitCode } = await watch('--log-group', '/rtpipeline/jobs');
  assert.match(output, /^u1-abc: FAILED \(TooMany: c\)/);
  assert.match(
    output,
    /\nc1 dvh: oom after 4 attempts, memory\nhttps:\/\/us-east-1\.console\.aws\.amazon\.com\/.*dvh\$252Fdefault\$252F1$/,
  );
  assert.equal(exitCode, 1);
});
