import { hostname } from 'node:os';
import { writeJson } from '#lib/course-store/json.ts';
import type { Log } from '#lib/log.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import type { Scheduler, SchedulerState } from '#statemachine/local/scheduler.ts';
import type { JobUpdate } from '#statemachine/local/submit-job.ts';
import type { StageUpdate, Tally } from '../progress/progress.ts';
import { logJob } from './job-log.ts';
import { processOf, type RunningStage, type RunState } from './run-state.ts';
import { createSampler } from './sample.ts';
import { createTrace, type TraceEvent } from './trace.ts';

export interface MonitorOptions {
  store: ObjectStore;
  budget: Budget;
  log: Log;
  now(): Date;
  nameOf(courseId: string): string;
  writeTrace(event: TraceEvent): void;
}

/** Watches a run on this machine: a line per job in the main log, the trace, and the state that `top` shows. */
export interface Monitor {
  onJob(update: JobUpdate, scheduler: Scheduler): void;
  onStage(update: StageUpdate, tally: Tally): void;
  close(): Promise<void>;
}

const SAMPLE_MS = 1000;

export function createMonitor({ store, budget, log, now, nameOf, writeTrace }: MonitorOptions): Monitor {
  const startedAt = now();
  const ownProcess = processOf(process.pid) ?? '';
  const trace = createTrace(writeTrace);
  const sample = createSampler(budget);
  const jobs = new Map<string, { update: JobUpdate; course: string }>();
  const stages = new Map<string, RunningStage>();
  let state: SchedulerState | undefined;
  let scheduler: Scheduler | undefined;
  let tally = { done: 0, total: 0 };
  let writing: Promise<void> = Promise.resolve();

  const running = (): RunningStage[] => [
    ...stages.values(),
    ...[...jobs.values()].map(({ update: { stage, at, live }, course }) => ({
      stage,
      course,
      since: at.toISOString(),
      ...live?.(),
    })),
  ];
  const look = (ended: boolean) => {
    const at = now();
    state = scheduler?.state();
    const taken = sample(state, at.getTime());
    trace.sample(taken, at);
    const written: RunState = {
      pid: process.pid,
      host: hostname(),
      process: ownProcess,
      startedAt: startedAt.toISOString(),
      updatedAt: at.toISOString(),
      ended,
      ...tally,
      budget: { cpus: budget.cpus, memoryMiB: budget.memoryMiB, gpus: new Set(budget.gpus).size },
      sample: taken,
      running: running(),
    };
    writing = writing.then(() => writeJson(store, runKeys.state, written)).catch(unwritten);
    return writing;
  };
  const unwritten = (error: unknown) => log.warn({ reason: String(error) }, 'Run:State:Unwritten');
  look(false);
  const timer = setInterval(() => look(false), SAMPLE_MS);
  timer.unref();

  return {
    onJob(update, theScheduler) {
      scheduler = theScheduler;
      const courseId = update.stage === 'aggregate' ? undefined : update.name.slice(update.stage.length + 1);
      trace.job(update, courseId);
      logJob(log, update, courseId);
      if (update.status === 'RUNNING') {
        jobs.set(update.jobId, { update, course: courseId === undefined ? '' : nameOf(courseId) });
      } else if (update.status !== 'SUBMITTED') jobs.delete(update.jobId);
    },
    onStage(update, { done, total }) {
      tally = { done, total };
      if (update.courseId !== undefined || update.phase === 'skipped') return;
      // A sample when a stage of the run ends, to separate CPU use before and after.
      look(false);
      const at = now();
      trace.stage(update, at);
      if (update.stage === 'aggregate') return;
      if (update.phase === 'started') {
        stages.set(update.stage, { stage: update.stage, course: '', since: at.toISOString() });
      } else stages.delete(update.stage);
    },
    async close() {
      clearInterval(timer);
      await look(true);
    },
  };
}
