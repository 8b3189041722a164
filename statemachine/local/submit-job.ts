import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '#lib/errors.ts';
import type { TreeWatch } from '#lib/pool/process-tree.ts';
import type { Runtime } from '#lib/stages/table.ts';
import { CONTAINERS } from '../bindings.ts';
import { Failure } from '../engine/failure.ts';
import type { Integration } from '../engine/integration.ts';
import type { Json } from '../engine/json.ts';
import { bindingOf } from './arns.ts';
import { type Budget, claimOf } from './budget.ts';
import { describeJob, isOutOfMemory, type JobEnd, type JobRequest, readRequest } from './job.ts';
import { runJobProcess } from './job-process.ts';
import type { KeptProcesses } from './kept-processes.ts';
import type { Lease, Scheduler } from './scheduler.ts';

/** A step in the life of a job, for progress displays. */
export interface JobUpdate {
  jobId: string;
  name: string;
  stage: string;
  status: 'SUBMITTED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  at: Date;
  cpus: number;
  memoryMiB: number;
  peakMemoryMiB?: number;
  reason?: string;
  /** While it runs: what it holds and has used so far. */
  live?: () => LiveJob;
}

export interface LiveJob {
  cpus: number;
  memoryMiB: number;
  cpuSeconds: number;
}

export interface SubmitJobOptions {
  scheduler: Scheduler;
  budget: Budget;
  /** Folder in which the task's path below the store, with `logs` for `tasks`, is the log file. */
  logFolder: string;
  storeUri: string;
  now(): Date;
  kept?: KeptProcesses;
  onJob?: (update: JobUpdate) => void;
  /** The entry point of a container; for tests. */
  mainOf?: (container: string) => string;
}

/** `batch:submitJob.sync` on one machine: a process per job, as soon as the budget has room for its claim. */
export function submitJob(options: SubmitJobOptions): Integration {
  const { scheduler, now, onJob = () => {}, mainOf = containerMain } = options;
  const exhausted = new Map<string, Exhausted>();
  let count = 0;
  return async (args, { signal, submitted }) => {
    const request = readRequest(args);
    const binding = bindingOf(request.definition, 'Batch');
    const { stage, runs } = binding;
    const claim = claimOf(binding, request, options.budget);
    const jobId = `job-${process.pid}-${++count}`;
    const { name } = request;
    const { cpus, memoryMiB } = claim;
    const tell = (status: JobUpdate['status'], more: Partial<JobUpdate> = {}) =>
      onJob({ jobId, name, stage, status, at: now(), cpus, memoryMiB, ...more });
    submitted({ JobId: jobId, JobName: name });
    tell('SUBMITTED');
    const lease = await scheduler.acquire(claim, signal);
    try {
      let watch: TreeWatch | undefined;
      const live = () => liveOf(lease, watch);
      tell('RUNNING', { cpus: lease.cpus, memoryMiB: lease.memoryMiB, live });
      const logStream = logOf(request.task, options.storeUri);
      const end =
        lease.memoryMiB <= (exhausted.get(request.task)?.memoryMiB ?? 0)
          ? noLargerMachine(lease.memoryMiB, logStream, now(), exhausted.get(request.task)?.exitCode)
          : await runJobProcess({
              jobId,
              request,
              lease,
              main: mainOf(CONTAINERS[runs as Exclude<Runtime, 'lambda'>]),
              logFile: join(options.logFolder, logStream),
              logStream,
              signal,
              now,
              kept: options.kept,
              onStart: (started) => {
                watch = started;
              },
            });
      signal.throwIfAborted();
      if (isOutOfMemory(end)) exhausted.set(request.task, { memoryMiB: lease.memoryMiB, exitCode: end.exitCode });
      const status = end.exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
      tell(status, { peakMemoryMiB: end.peakMemoryMiB, reason: end.reason ?? end.said ?? end.statusReason });
      return answer(jobId, request, end);
    } finally {
      lease.release();
    }
  };
}

function liveOf(lease: Lease, watch: TreeWatch | undefined): LiveJob {
  const { residentBytes, cpuSeconds } = watch?.use() ?? { residentBytes: 0, cpuSeconds: 0 };
  return { cpus: lease.cpus, memoryMiB: Math.round(residentBytes / 2 ** 20), cpuSeconds };
}

function answer(jobId: string, request: JobRequest, end: JobEnd): Json {
  const described = describeJob(jobId, request, end);
  if (end.exitCode !== 0) throw new Failure('States.TaskFailed', JSON.stringify(described));
  return described;
}

/** The memory with which a job ran out of it, and how it ended. */
interface Exhausted {
  memoryMiB: number;
  exitCode?: number;
}

/**
 * A job that ran out of all memory of the machine is not retried. A job with a partial result ends as it did, so that
 * nobody overwrites its status.
 */
function noLargerMachine(memoryMiB: number, logStream: string, at: Date, exitCode?: number): JobEnd {
  const ended = { startedAt: at, stoppedAt: at, logStream, peakMemoryMiB: 0 };
  const reason = `${memoryMiB} MiB were not enough, and the run has no more: raise --memory`;
  if (exitCode === ExitCode.partlyOutOfMemory) return { ...ended, statusReason: reason, exitCode };
  return { ...ended, statusReason: `MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - ${reason}` };
}

/** `<store>/courses/c1/tasks/dvh.json` -> `courses/c1/logs/dvh.log` */
function logOf(task: string, storeUri: string): string {
  const below = task.startsWith(`${storeUri}/`) ? task.slice(storeUri.length + 1) : (task.split('/').at(-1) ?? task);
  return below.replace(/(^|\/)tasks\//, '$1logs/').replace(/\.json$/, '.log');
}

/** The entry points of both containers know every stage: a process that has done a job of one can do one of the other. */
function containerMain(): string {
  return fileURLToPath(new URL('../../containers/analysis/main.ts', import.meta.url));
}
