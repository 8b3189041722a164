import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { startGroup, WORK_DONE } from '#lib/pool/process-group.ts';
import { watchTree } from '#lib/pool/process-tree.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { JsonObject } from '#statemachine/engine/json.ts';
import { keptProcesses } from '#statemachine/local/kept-processes.ts';
import { createScheduler } from '#statemachine/local/scheduler.ts';
import { type JobUpdate, submitJob } from '#statemachine/local/submit-job.ts';
import { untilGone } from '#test/fixtures/job-processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
after(() => rmSync(folder, { recursive: true }));
for (const name of ['in', 'out/courses/c1/tasks']) mkdirSync(join(folder, name), { recursive: true });
writeFileSync(join(folder, 'in', 'in.txt'), 'hello');
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
let main = fileURLToPath(new URL('../../fixtures/batch-job.ts', import.meta.url));

const updates: JobUpdate[] = [];
const budget = { cpus: 2, memoryMiB: 300, gpus: [3] };
const scheduler = createScheduler(budget);
const kept = keptProcesses(2);
after(() => kept.close());
const submit = submitJob({
  scheduler,
  kept,
  budget,
  logFolder: join(folder, 'out'),
  storeUri: uriOf('out'),
  now: () => new Date(),
  onJob: (update) => updates.push(update),
  mainOf: () => main,
});

interface Order {
  text?: string;
  memoryMiB?: number;
  gpus?: number;
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

/** Submits a job of the fixture's stage and answers with what DescribeJobs would say, whether it failed or not. */
async function run(stage: string, { text = '', memoryMiB = 250, gpus = 0, timeoutSeconds = 60, signal }: Order = {}) {
  const key = `out/courses/c1/tasks/${stage}.json`;
  const task = { stage, input: { text }, inputUri: uriOf('in'), storeUri: uriOf('out') };
  writeFileSync(join(folder, key), JSON.stringify(task));
  const needs = { VCPU: 2, MEMORY: memoryMiB, ...(gpus && { GPU: gpus }) };
  const args: JsonObject = {
    JobName: `${stage}-c1`,
    JobQueue: 'AnalysisSpotQueueArn',
    JobDefinition: 'DvhJobDefinitionArn',
    Parameters: { task: uriOf(key) },
    ContainerOverrides: {
      ResourceRequirements: Object.entries(needs).map(([Type, value]) => ({ Type, Value: String(value) })),
      Environment: [{ Name: 'RTPIPELINE_MEMORY_MIB', Value: String(memoryMiB) }],
    },
    Timeout: { AttemptDurationSeconds: timeoutSeconds },
  };
  const call = {
    signal: signal ?? new AbortController().signal,
    execution: 'run',
    state: 'Dvh',
    eventId: 1,
    submitted: () => {},
  };
  try {
    return (await submit(args, call)) as unknown as Described;
  } catch (error) {
    if (error instanceof Failure && error.error === 'States.TaskFailed') return JSON.parse(error.cause) as Described;
    throw error;
  }
}

interface Described {
  Status: string;
  StatusReason: string;
  Container: { ExitCode?: number; Reason?: string; LogStreamName: string };
}

const saidOf = ({ Status, StatusReason, Container }: Described) => [Status, StatusReason, Container.ExitCode];
const EXITED = 'Essential container in task exited';

/** Ends of real processes, as Batch reports them. */
const ENDINGS: [string, Order, [string, string, number]][] = [
  ['copy', {}, ['SUCCEEDED', EXITED, 0]],
  ['bad', {}, ['FAILED', EXITED, 65]],
  ['gpu', {}, ['FAILED', EXITED, 42]],
  ['transient', {}, ['FAILED', EXITED, 75]],
  ['bug', {}, ['FAILED', EXITED, 70]],
  ['wait', { timeoutSeconds: 1 }, ['FAILED', 'Job attempt duration exceeded timeout', 143]],
];

for (const [stage, order, said] of ENDINGS) {
  test(`a job that does ${stage} is described as ${said.join(', ')}`, async () => {
    assert.deepEqual(saidOf(await run(stage, order)), said);
  });
}

test('the output of a job goes to a log file of its course and stage', async () => {
  const { Container } = await run('copy');
  assert.equal(Container.LogStreamName, 'courses/c1/logs/copy.log');
  assert.match(readFileSync(join(folder, 'out', Container.LogStreamName), 'utf8'), /"event":"Job:Stage:Done"/);
});

test('a job gets its claim, limited by the machine, and its GPU', async () => {
  await run('environment', { memoryMiB: 900, gpus: 1 });
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'out', 'environment.json'), 'utf8')), {
    OMP_NUM_THREADS: '1',
    RTPIPELINE_CPUS: '1',
    RTPIPELINE_MEMORY_MIB: '300',
    CUDA_VISIBLE_DEVICES: '3',
  });
});

const whoRan = async () => {
  assert.equal((await run('who')).Status, 'SUCCEEDED');
  return Number(readFileSync(join(folder, 'out', 'who.txt'), 'utf8'));
};

test("a process that succeeded gets the next job, with that job's log and CPUs", async () => {
  const pid = await whoRan();
  assert.equal((await run('copy')).Status, 'SUCCEEDED');
  assert.equal(await whoRan(), pid);
  const log = readFileSync(join(folder, 'out/courses/c1/logs/copy.log'), 'utf8');
  assert.ok(!log.includes('"stage":"who"') && !log.includes(WORK_DONE), log);
  await run('environment', { memoryMiB: 200 });
  const { RTPIPELINE_MEMORY_MIB } = JSON.parse(readFileSync(join(folder, 'out', 'environment.json'), 'utf8'));
  assert.equal(RTPIPELINE_MEMORY_MIB, '200');
});

test('the next job may have other memory, and gets the threads too', async () => {
  const thread = async (memoryMiB: number) => {
    assert.equal((await run('thread', { memoryMiB })).Status, 'SUCCEEDED');
    return readFileSync(join(folder, 'out', 'thread.txt'), 'utf8');
  };
  assert.equal(await thread(280), await thread(250));
});

test('a process that failed, timed out or was killed gets no other job', async () => {
  for (const [stage, order] of [
    ['bad', {}],
    ['wait', { timeoutSeconds: 1 }],
  ] as [string, Order][]) {
    const pid = await whoRan();
    assert.equal((await run(stage, order)).Status, 'FAILED');
    assert.notEqual(await whoRan(), pid);
  }
  const pid = await whoRan();
  process.kill(pid, 'SIGKILL');
  await untilGone(pid);
  assert.notEqual(await whoRan(), pid);
});

test('waiting processes end with the run', async () => {
  const other = keptProcesses(2);
  const group = startGroup({
    command: process.execPath,
    args: ['-e', 'process.on("message", () => {})'],
    channel: true,
  });
  other.keep('one', { group, watch: watchTree(group.pid!, 1e9, () => {}) });
  assert.equal(other.take('another'), undefined);
  other.close();
  await untilGone(group.pid!);
  assert.equal(other.take('one'), undefined);
});

test('a job that has work for more CPUs is lent them while it runs', async () => {
  assert.equal((await run('spread')).Status, 'SUCCEEDED');
  assert.equal(readFileSync(join(folder, 'out', 'threads.txt'), 'utf8'), '2');
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 2, memoryMiB: 300, gpus: 1 });
});

test('a job that exceeds its memory is killed and described as out of memory', async () => {
  const described = await run('hold', { text: '400', memoryMiB: 200 });
  assert.deepEqual(saidOf(described), ['FAILED', EXITED, 137]);
  assert.match(described.Container.Reason ?? '', /^OutOfMemoryError: Container killed due to memory usage/);
  const { status, peakMemoryMiB, reason } = updates.at(-1)!;
  assert.equal(status, 'FAILED');
  assert.ok(peakMemoryMiB! > 200, `peak ${peakMemoryMiB}`);
  assert.match(reason ?? '', /OutOfMemory/);
});

test('the memory of a program that a job runs counts, and it ends with the job', async () => {
  const described = await run('program', { text: '300', memoryMiB: 250 });
  assert.match(described.Container.Reason ?? '', /^OutOfMemoryError/);
  await untilGone(Number(readFileSync(join(folder, 'out', 'program.txt'), 'utf8')));
});

test('a job that used all memory of the machine is not restarted in vain', async () => {
  assert.equal((await run('hold', { text: '400', memoryMiB: 400 })).Container.ExitCode, 137);
  const again = await run('hold', { text: '400', memoryMiB: 800 });
  assert.match(again.StatusReason, /^MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT/);
  assert.equal(again.Container.ExitCode, undefined);
});

test('an abort ends the process and frees the budget', async () => {
  const stop = new AbortController();
  const running = run('wait', { signal: stop.signal });
  const rejected = assert.rejects(running, /stopped/);
  setTimeout(() => stop.abort(new Error('stopped')), 700);
  await rejected;
  const { stdout } = await execa('ps', ['-eo', 'stat=,args=']);
  const left = stdout
    .split('\n')
    .filter((line) => line.includes(`${folder}`) && line.includes('wait.json') && !line.startsWith('Z'));
  assert.deepEqual(left, []);
  assert.deepEqual(scheduler.state(), { waiting: 0, running: 0, cpus: 2, memoryMiB: 300, gpus: 1 });
});

test('a job whose code cannot be loaded is described with the message of Node', async () => {
  const whole = main;
  main = join(folder, 'broken.ts');
  writeFileSync(main, `import './nowhere.ts';\n`);
  assert.deepEqual(saidOf(await run('copy')), ['FAILED', EXITED, 1]);
  assert.match(updates.at(-1)?.reason ?? '', /^Error \[ERR_MODULE_NOT_FOUND\]: Cannot find module/);
  main = whole;
});

test('a job that is not bound is refused', async () => {
  const call = { signal: new AbortController().signal, execution: 'run', state: 'X', eventId: 1, submitted: () => {} };
  const args = {
    JobDefinition: 'NothingArn',
    Parameters: { task: 't' },
    ContainerOverrides: { ResourceRequirements: [] },
  };
  await assert.rejects(submit(args, call), /Batch.ClientException/);
});
