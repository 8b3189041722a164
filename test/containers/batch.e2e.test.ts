import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { GpuOutOfMemory, OutOfMemory } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { exitCodeOf, runTask } from '../../containers/batch.ts';
import { loadStage } from '../fixtures/batch-job.ts';

const folder = mkdtempSync(join(tmpdir(), 'batch-'));
after(() => rmSync(folder, { recursive: true }));
for (const name of ['in', 'out', 'tasks']) mkdirSync(join(folder, name));
writeFileSync(join(folder, 'in', 'in.txt'), 'hello');
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const MAIN = fileURLToPath(new URL('../fixtures/batch-job.ts', import.meta.url));

function taskOf(stage: string, input: unknown = {}): string {
  const task = { stage, input, inputUri: uriOf('in'), storeUri: uriOf('out') };
  writeFileSync(join(folder, 'tasks', `${stage}.json`), JSON.stringify(task));
  return uriOf(`tasks/${stage}.json`);
}

/** Exit codes of the contract between jobs and state machine. */
const ENDINGS: [string, unknown, number][] = [
  ['copy', { text: '!' }, 0],
  ['copy', { txt: '!' }, 65],
  ['bad', {}, 65],
  ['gpu', {}, 42],
  ['transient', {}, 75],
  ['memory', {}, 137],
  ['bug', {}, 70],
  ['unheard_of', {}, 65],
];

for (const [stage, input, code] of ENDINGS) {
  test(`stage ${stage} with ${JSON.stringify(input)} exits with code ${code}`, async () => {
    assert.equal(await runTask(taskOf(stage, input), loadStage, silentLog, new AbortController().signal), code);
  });
}

for (const [what, uri] of [
  ['no argument', undefined],
  ['a file that is no task', uriOf('in/in.txt')],
] as const) {
  test(`${what} exits with the code for bad input, not for a defect`, async () => {
    const code = await runTask(uri, loadStage, silentLog, new AbortController().signal);
    assert.equal(code, 65);
  });
}

test('a missing task document exits with code 1', async () => {
  assert.equal(await runTask(uriOf('tasks/none.json'), loadStage, silentLog, new AbortController().signal), 1);
});

test('the exit code follows the error class, then the message', () => {
  assert.equal(exitCodeOf(new GpuOutOfMemory('full')), 42);
  assert.equal(exitCodeOf(new OutOfMemory('full')), 137);
  assert.equal(exitCodeOf(new Error('CUDA out of memory')), 42);
  assert.equal(exitCodeOf(new Error('no room')), 70);
});

test('the job process reads and writes its stores, logs JSON lines and keeps its limits', async () => {
  const env = { RTPIPELINE_CPUS: '1', RTPIPELINE_MEMORY_MIB: '512' };
  const { exitCode, stderr } = await execa(process.execPath, [MAIN, taskOf('copy', { text: ' world' })], { env });
  assert.equal(exitCode, 0);
  assert.equal(readFileSync(join(folder, 'out', 'out.txt'), 'utf8'), 'hello world');
  const lines = stderr.split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['Job:Stage:Start', 'Job:Stage:Done'],
  );
  assert.deepEqual([lines[0].memoryMiB, lines[1].answer], [512, { key: 'out.txt', width: 1 }]);
});

test('SIGTERM aborts the stage', async () => {
  const job = execa(process.execPath, [MAIN, taskOf('wait')], { reject: false });
  while (!existsSync(join(folder, 'out', 'waiting'))) await wait(20);
  job.kill('SIGTERM');
  const { exitCode, stderr } = await job;
  assert.equal(exitCode, 143);
  assert.match(stderr, /"event":"Job:Stage:Failed".*"reason":"terminated"/);
});

test('a job whose run is already gone ends by itself', async () => {
  const job = execa(process.execPath, [MAIN, taskOf('wait')], { reject: false, ipc: true });
  job.disconnect?.();
  const { exitCode, stderr } = await job;
  assert.equal(exitCode, 143);
  assert.match(stderr, /"reason":"the run that started this job is gone"/);
});
