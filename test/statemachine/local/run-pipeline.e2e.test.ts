import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import { readHistories } from '#test/fixtures/histories.ts';
import { COURSES, runSmallPipeline } from '#test/fixtures/small-pipeline.ts';

type Histories = Map<string, HistoryEvent[]>;

const root = mkdtempSync(join(tmpdir(), 'pipeline-'));
after(() => rmSync(root, { recursive: true }));

function scene(name: string): {
  folder: string;
  read(key: string): string;
  history(): Histories;
} {
  const folder = join(root, name);
  mkdirSync(join(folder, 'in'), { recursive: true });
  writeFileSync(join(folder, 'in', 'in.txt'), 'x');
  const read = (key: string) => readFileSync(join(folder, 'out', key), 'utf8');
  return { folder, read, history: () => readHistories(join(folder, 'out', 'run', 'history.jsonl')) };
}

/** What is in the store when all ended: bb has no dvh, as its stage found no dose. */
const KEYS = COURSES.flatMap((course) =>
  ['dvh', 'qc', 'radiomics', 'segmentation', 'structures']
    .filter((stage) => !(course === 'bb' && stage === 'dvh'))
    .map((stage) => `courses/${course}/${stage}.json`),
);

test('the pipeline runs in real processes, and a failed stage stops nothing else', async () => {
  const { folder, read, history } = scene('plain');
  const updates: JobUpdate[] = [];
  let most = 0;
  const ended = await runSmallPipeline(folder, {
    onJob: (update, scheduler) => {
      updates.push(update);
      most = Math.max(most, scheduler.state().running);
    },
  });
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  assert.deepEqual(JSON.parse(read('results/tables.json')), KEYS);
  assert.deepEqual(ended.output, { runId: 'run-1', report: { reportKey: 'results/report.json' } });
  assert.equal(most, 2);
  const failed = updates.filter(({ status }) => status === 'FAILED').map(({ name }) => name);
  assert.deepEqual(failed, ['dvh-bb']);
  const packed = readdirSync(join(folder, 'out', 'run', 'history'));
  assert.equal(packed.filter((name) => /^Courses?-/.test(name)).length, COURSES.length, packed.join());
  for (const name of packed) assert.ok(statSync(join(folder, 'out', 'run', 'history', name)).size < 20_000, name);
  assert.match(read('courses/bb/logs/dvh.log'), /"reason":"no dose"/);
  const manifest = [...history().get('run-1')!].reverse().find(({ type }) => type === 'MapStateExited')!;
  const { Key } = JSON.parse((manifest.stateExitedEventDetails as { output: string }).output).ResultWriterDetails;
  const { ResultFiles } = JSON.parse(read(Key));
  const outcomes = JSON.parse(read(ResultFiles.SUCCEEDED[0].Key)).map((row: { Output: string }) =>
    JSON.parse(row.Output),
  );
  assert.deepEqual(
    outcomes.map(({ courseId, status }: Record<string, string>) => [courseId, status]),
    [
      ['aa', 'done'],
      ['bb', 'failed'],
      ['cc', 'done'],
    ],
  );
});

test('Ctrl-C ends all processes and the run is ABORTED', async () => {
  const { folder } = scene('stopped');
  const stop = new AbortController();
  const ended = await runSmallPipeline(folder, {
    signal: stop.signal,
    onJob: ({ status }) => status === 'RUNNING' && stop.abort(new Error('stopped')),
  });
  assert.equal(ended.status, 'ABORTED');
  assert.ok(!existsSync(join(folder, 'out', 'results')));
});

test('a run killed twice is redriven to the same end without repeating finished work', async () => {
  const { folder, read, history } = scene('killed');
  const program = fileURLToPath(new URL('../../fixtures/small-pipeline.ts', import.meta.url));
  for (const [attempt, events] of [60, 140].entries()) {
    const run = execa(process.execPath, [program, folder, ...(attempt > 0 ? ['redrive'] : [])], { reject: false });
    while (countEvents(join(folder, 'out', 'run', 'history.jsonl')) < events && run.exitCode === null) await wait(10);
    run.kill('SIGKILL');
    await run;
    await noJobLeft(folder);
  }
  const succeeded = stagesDone(history());
  assert.ok(succeeded.length > 0);
  const started: string[] = [];
  const ended = await runSmallPipeline(folder, {
    redrive: true,
    onJob: ({ name, status }) => status === 'SUBMITTED' && started.push(name),
  });
  assert.equal(ended.status, 'SUCCEEDED', ended.cause);
  assert.equal(ended.redriveCount, 2);
  assert.deepEqual(failuresIn(history(), read), []);
  assert.deepEqual(JSON.parse(read('results/tables.json')), KEYS);
  assert.deepEqual(
    started.filter((name) => succeeded.includes(name)),
    [],
  );
});

test('a finished run starts anew unless it is redriven', async () => {
  const { folder } = scene('plain');
  const jobs: string[] = [];
  const onJob = ({ name }: JobUpdate) => jobs.push(name);
  await runSmallPipeline(folder, { redrive: true, onJob });
  assert.deepEqual(jobs, []);
});

/** Jobs that failed without being meant to, with what they left in their logs. */
function failuresIn(histories: Histories, read: (key: string) => string): string[] {
  const failed = [...histories.values()].flat().filter(({ type }) => type === 'TaskFailed');
  return failed.flatMap((event) => {
    const { cause } = event.taskFailedEventDetails as { cause: string };
    const { JobName, Container } = JSON.parse(cause);
    return JobName === 'dvh-bb' ? [] : [`${JobName}, ${cause}: ${read(Container.LogStreamName)}`];
  });
}

/** `dvh-aa` for every stage whose outcome the course's history has. */
function stagesDone(histories: Histories): string[] {
  return [...histories].flatMap(([path, events]) =>
    path.split('/').length === 2
      ? events
          .filter(({ type }) => type === 'TaskSucceeded')
          .flatMap((event) => {
            const { output } = event.taskSucceededEventDetails as { output: string };
            const { Output, Input } = JSON.parse(output);
            return Output ? [`${Output.stage}-${Input.run.courseId ?? Input.run.runId}`] : [];
          })
      : [],
  );
}

/** Jobs notice that their run is gone. */
async function noJobLeft(folder: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { stdout } = await execa('ps', ['-eo', 'stat=,args=']);
    if (!stdout.split('\n').some((line) => line.includes(`${folder}/out`) && !line.startsWith('Z'))) return;
    await wait(50);
  }
  assert.fail('a job outlived the run that started it');
}

function countEvents(file: string): number {
  return [...readHistories(file).values()].reduce((sum, events) => sum + events.length, 0);
}
