import type { HostKind } from '#lib/aws/prices.ts';
import { seededRandom } from '#lib/random.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { submitSpreadSeconds } from '#statemachine/bindings.ts';
import { virtualClock } from '#statemachine/engine/clock.ts';
import type { HistoryEvent } from '#statemachine/engine/history.ts';
import type { Integrations } from '#statemachine/engine/integration.ts';
import { startExecution } from '#statemachine/engine/nested.ts';
import { runStateMachine } from '#statemachine/engine/run.ts';
import { executionInput } from '#statemachine/input.ts';
import { bucketIntegrations } from '#statemachine/local/buckets.ts';
import { loadMachines, type MachineTexts, type Settings } from '#statemachine/local/machines.ts';
import { type BatchCounts, simulatedBatch } from './batch.ts';
import type { Capacity } from './capacity.ts';
import type { Bill, Market } from './environment.ts';
import { COURSES_KEY, type FunctionCounts, secondsOfTask, simulatedFunctions, type Upload } from './functions.ts';
import { environmentsOf, queuesOf } from './queues.ts';

export interface Simulated {
  /** From the first upload to the end of the last run. */
  seconds: number;
  /** From each upload to the end of its run. */
  runSeconds: number[];
  bills: { kind: HostKind; market: Market; bill: Bill }[];
  transitions: number;
  /** State transitions in the busiest second. */
  mostTransitionsPerSecond: number;
  /** Events of the longest history of one execution. */
  longestHistory: number;
  batch: BatchCounts;
  functions: FunctionCounts;
  failedRuns: number;
}

/**
 * Runs the state machine's own files on a simulated cloud: the engine that runs them on one machine, a clock that jumps,
 * functions and jobs that only take time. The same seed gives the same result.
 */
export async function simulate(
  uploads: Upload[],
  capacity: Capacity,
  seed: number,
  texts?: MachineTexts,
): Promise<Simulated> {
  const clock = virtualClock(new Date(0));
  const random = seededRandom(seed);
  const now = () => clock.now().getTime() / 1000;
  const environments = environmentsOf(capacity, random);
  const queues = queuesOf(environments);
  const batch = simulatedBatch({ clock, queues, secondsOf: (task) => secondsOfTask(task, uploads) });
  const functions = simulatedFunctions(clock);
  const events = eventCounts(now);
  const machines = loadMachines(settingsOf(capacity), texts);
  const signal = new AbortController().signal;

  const run = async (upload: Upload, index: number) => {
    await clock.sleep(1000 * upload.atSeconds, signal);
    const storeUri = `s3://b/${index}`;
    const store = memoryStore();
    const lines = upload.courses.map((_, course) => JSON.stringify({ courseId: String(course) }));
    await store.put(COURSES_KEY, new TextEncoder().encode(lines.join('\n')));
    const options = { clock, onEvent: events.hear, random, uuid: () => String(index) };
    const integrations: Integrations = {
      ...bucketIntegrations([{ name: 'b', prefix: `${index}/`, store }]),
      'lambda:invoke': functions.invokeFor(upload, storeUri),
      'batch:submitJob.sync': batch.submitJob,
      'sns:publish': async () => ({}),
    };
    const started = { StageJobStateMachineArn: machines.stageJob };
    integrations['states:startExecution.sync:2'] = startExecution(started, () => ({ ...options, integrations }));
    const input = executionInput({ runId: `run-${index}`, inputUri: 's3://in/', storeUri, force: false });
    const ended = await runStateMachine(machines.pipeline, input, { ...options, name: `run-${index}`, integrations });
    return { seconds: now() - upload.atSeconds, failed: ended.status !== 'SUCCEEDED' };
  };

  const ran = await Promise.all(uploads.map(run));
  return {
    seconds: now() - Math.min(...uploads.map(({ atSeconds }) => atSeconds)),
    runSeconds: ran.map(({ seconds }) => seconds),
    bills: environments.map(({ kind, market, bill }) => ({ kind, market, bill: bill(now()) })),
    ...events.counts,
    batch: batch.counts,
    functions: functions.counts,
    failedRuns: ran.filter(({ failed }) => failed).length,
  };
}

/** Dollars of all hosts and tasks. */
export function dollarsOf({ bills }: Simulated): number {
  return bills.reduce((sum, { bill }) => sum + bill.dollars, 0);
}

function settingsOf({ courseConcurrency }: Capacity): Settings {
  return {
    CourseConcurrency: String(courseConcurrency),
    SubmitSpreadSeconds: String(submitSpreadSeconds(courseConcurrency)),
  };
}

function eventCounts(now: () => number) {
  const counts = { transitions: 0, mostTransitionsPerSecond: 0, longestHistory: 0 };
  const second = { start: -1, entered: 0 };
  const hear = (_path: string, { id, type }: HistoryEvent) => {
    counts.longestHistory = Math.max(counts.longestHistory, id);
    if (!type.endsWith('StateEntered')) return;
    const start = Math.floor(now());
    second.entered = start === second.start ? second.entered + 1 : 1;
    second.start = start;
    counts.transitions += 1;
    counts.mostTransitionsPerSecond = Math.max(counts.mostTransitionsPerSecond, second.entered);
  };
  return { counts, hear };
}
