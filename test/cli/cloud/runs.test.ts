import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { writeJson } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type Answer, AwsRefusal, type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addDelete } from '../../../cli/commands/delete.ts';
import { addRedrive, addRuns, addStop } from '../../../cli/commands/runs.ts';

const answers: Record<string, Answer> = {};
const asked: string[] = [];
let aws: LocalAws;

before(async () => {
  aws = await startLocalAws(answers);
});
after(() => aws.close());
beforeEach(() => {
  aws.objects.clear();
  asked.length = 0;
  for (const name of ['StopExecution', 'RedriveExecution'])
    answers[name] = ({ executionArn }) => {
      asked.push(`${name} ${executionArn}`);
      return { stopDate: 0, redriveDate: 0 };
    };
  answers.DescribeExecution = ({ executionArn }) => ({
    status: executionArn === 'arn:u1' ? 'RUNNING' : 'FAILED',
    ...(executionArn !== 'arn:u1' && { error: 'AggregateFailed', cause: 'oom' }),
  });
});

async function started(name: string): Promise<void> {
  const store = await openStore(`s3://results/runs/${name}`);
  await writeJson(store, runKeys.execution, { name: `run-${name}`, arn: `arn:${name}` });
}

const run = (name: string) => `s3://results/runs/${name}`;

test('runs are listed with their state, and rejected uploads with the reason', async () => {
  assert.match((await runCommand(addRuns, 'runs', 's3://results')).output, /No runs yet/);
  await started('u2');
  await started('u1');
  await writeJson(await openStore(run('u3')), runKeys.rejected, { reason: 'the upload holds no files' });
  const { output } = await runCommand(addRuns, 'runs', 's3://results');
  const lines = output.split('\n').map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(lines.slice(-3), [
    ['u1', 'RUNNING'],
    ['u2', 'FAILED', 'AggregateFailed: oom'],
    ['u3', 'REJECTED', 'the upload holds no files'],
  ]);
});

test('a run is stopped or redriven by its name, and an unknown name is reported', async () => {
  await started('u1');
  await runCommand(addStop, 'stop', run('u1'));
  await runCommand(addRedrive, 'redrive', run('u1'));
  assert.deepEqual(asked, ['StopExecution arn:u1', 'RedriveExecution arn:u1']);
  assert.match((await runCommand(addStop, 'stop', run('u9'))).refusal ?? '', /no run found here/);
  answers.RedriveExecution = () => {
    throw new AwsRefusal('ExecutionNotRedrivable', 'it succeeded');
  };
  await assert.rejects(runCommand(addRedrive, 'redrive', run('u1')), /it succeeded/);
});

const VERSIONS = [
  '/results/runs/u2/results/dvh.parquet?1',
  '/results/runs/u2/results/dvh.parquet?mark',
  '/results/runs/u22/results/dvh.parquet?1',
  '/uploads/incoming/u2/1.dcm?1',
  '/uploads/incoming/u22/1.dcm?1',
];

async function remaining(...args: string[]) {
  await started('u2');
  for (const name of VERSIONS) aws.objects.set(name, Buffer.from('x'));
  const answer = await runCommand(addDelete, 'delete', ...args);
  return { ...answer, left: [...aws.objects.keys()].filter((name) => name.includes('?')).sort() };
}

test('deleting a run removes all versions of it and of its upload, and nothing else; without --yes nothing', async () => {
  const dry = await remaining(run('u2'), '--uploads', 's3://uploads');
  assert.deepEqual(dry.left, VERSIONS);
  assert.match(dry.output, /would delete every version below s3:\/\/uploads\/incoming\/u2\//);
  const done = await remaining(run('u2'), '--uploads', 's3://uploads', '--yes');
  assert.deepEqual(done.left, [VERSIONS[2], VERSIONS[4]]);
  assert.deepEqual((await remaining(run('u2'), '--yes')).left, VERSIONS.slice(2));
});

test('a bucket is emptied before its deployment is deleted, and nothing but a whole bucket is accepted', async () => {
  const dry = await remaining('s3://results', '--everything');
  assert.deepEqual(dry.left, VERSIONS);
  const done = await remaining('s3://results', '--everything', '--yes');
  assert.deepEqual(done.left, VERSIONS.slice(3));
  assert.match((await remaining(run('u2'), '--everything', '--yes')).refusal ?? '', /takes one bucket/);
});

test('deleting an archive keeps another archive whose name starts the same', async () => {
  await started('a.zip');
  for (const key of ['incoming/a.zip?1', 'incoming/a.zip.zip?1', 'archives/a.zip/upload.zip?1'])
    aws.objects.set(`/uploads/${key}`, Buffer.from('x'));
  await runCommand(addDelete, 'delete', run('a.zip'), '--uploads', 's3://uploads', '--yes');
  assert.deepEqual(
    [...aws.objects.keys()].filter((name) => name.startsWith('/uploads')),
    ['/uploads/incoming/a.zip.zip?1'],
  );
});

test('deleting a running run, all runs at once, or a locked version is refused', async () => {
  await started('u1');
  assert.match((await runCommand(addDelete, 'delete', run('u1'), '--yes')).refusal ?? '', /still active/);
  for (const place of ['s3://results', 's3://results/runs', 's3://results/runs/u1/results'])
    assert.match((await runCommand(addDelete, 'delete', place, '--yes')).refusal ?? '', /not a run/, place);
  await started('u2');
  aws.objects.set('/results/runs/u2/locked?1', Buffer.from('x'));
  assert.match(
    (await runCommand(addDelete, 'delete', run('u2'), '--yes')).refusal ?? '',
    /versions could not be deleted: AccessDenied/,
  );
});
