import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryStore } from '#lib/store/memory.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import { memoryLog } from '#test/fixtures/logs.ts';
import { describeState } from '../../../cli/commands/top.ts';
import { createMonitor } from '../../../cli/monitor/monitor.ts';
import { isAtWork, readRunState } from '../../../cli/monitor/run-state.ts';
import type { TraceEvent } from '../../../cli/monitor/trace.ts';

const budget = { cpus: 4, memoryMiB: 8000, gpus: [] };
const free = { waiting: 5, running: 1, cpus: 1, memoryMiB: 6000, gpus: 0 };
const scheduler = {
  acquire: () => {
    throw new Error('nobody asks');
  },
  state: () => free,
};

/** A run of one dvh job that waits 1 s, takes 2 s, and fails for want of memory. */
async function watched() {
  const store = memoryStore();
  const { log, events } = memoryLog();
  const trace: TraceEvent[] = [];
  let seconds = 0;
  const now = () => new Date(1000 * seconds);
  const writeTrace = (event: TraceEvent) => trace.push(event);
  const monitor = createMonitor({ store, budget, log, now, nameOf: (id) => `course ${id}`, writeTrace });
  const job = (status: JobUpdate['status'], more: Partial<JobUpdate> = {}) =>
    monitor.onJob(
      { jobId: 'j', name: 'dvh-c1', stage: 'dvh', status, at: now(), cpus: 2, memoryMiB: 2000, ...more },
      scheduler,
    );
  monitor.onStage({ stage: 'organize', phase: 'started' }, { done: 0, total: 0, elapsedMs: 0, running: [] });
  monitor.onStage({ stage: 'organize', phase: 'done' }, { done: 1, total: 11, elapsedMs: 0, running: [] });
  job('SUBMITTED');
  seconds = 1;
  job('RUNNING', { live: () => ({ cpus: 3, memoryMiB: 1500, cpuSeconds: 4 }) });
  return { store, events, trace, monitor, job, pass: (s: number) => (seconds += s) };
}

test('the trace has a span per stage and job with its waiting time, and counters of resource use', async () => {
  const { trace, monitor, job, pass } = await watched();
  pass(2);
  job('FAILED', { reason: 'OutOfMemoryError: killed', peakMemoryMiB: 2100 });
  await monitor.close();
  const spans = trace.filter(({ ph }) => ph === 'X').map(({ name, ts, dur }) => [name, ts, dur]);
  assert.deepEqual(spans, [
    ['organize', 0, 0],
    ['dvh', 1e6, 2e6],
  ]);
  const { args } = trace.find(({ cat }) => cat === 'job')!;
  assert.deepEqual([args?.waitedMs, args?.course, args?.status, args?.peakMemoryMiB], [1000, 'c1', 'FAILED', 2100]);
  const counters = trace.filter(({ ph }) => ph === 'C');
  assert.deepEqual(new Set(counters.map(({ name }) => name)), new Set(['CPUs', 'memory MiB', 'jobs']));
  const last = Object.fromEntries(counters.slice(-3).map((event) => [event.name, event.args]));
  assert.equal(last.CPUs?.lent, 3);
  assert.equal(last['memory MiB']?.lent, 2000);
  assert.deepEqual(last.jobs, { running: 1, waiting: 5 });
});

test('the main log has a line for the start and the end of a job, and says when memory did not suffice', async () => {
  const { events, monitor, job } = await watched();
  job('FAILED', { reason: 'OutOfMemoryError: killed' });
  await monitor.close();
  assert.deepEqual(events(), ['Job:Process:Start', 'Job:Process:Failed', 'Job:Memory:Exceeded']);
});

test('the state lists running jobs, and top shows them', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { store, monitor } = await watched();
  context.mock.timers.tick(1000);
  await new Promise(setImmediate);
  const state = (await readRunState(store))!;
  assert.deepEqual(
    [state.done, state.total, state.running],
    [
      1,
      11,
      [
        {
          stage: 'dvh',
          course: 'course c1',
          since: '1970-01-01T00:00:01.000Z',
          cpus: 3,
          memoryMiB: 1500,
          cpuSeconds: 4,
        },
      ],
    ],
  );
  assert.ok(isAtWork(state));
  const shown = describeState(state, new Date(66_000));
  assert.match(shown, /is running/);
  assert.match(shown, /1 of 11 done, 1 jobs running, 5 waiting/);
  assert.match(shown, /3 of 4 lent to jobs/);
  assert.match(shown, /dvh +course c1 +1:05 +3 +1500 +4/);
  await monitor.close();
  const ended = (await readRunState(store))!;
  assert.ok(ended.ended && !isAtWork(ended));
});

test('top does not show a killed run as running', async () => {
  const { store, monitor } = await watched();
  await monitor.close();
  const state = { ...(await readRunState(store))!, ended: false, pid: 2 ** 22 + 1 };
  assert.ok(!isAtWork(state));
  const shown = describeState(state, new Date());
  assert.match(shown, /was killed; repeat the command to continue/);
  assert.doesNotMatch(shown, /dvh +course c1/);
});
