import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeDigestText } from '#lib/code-digest.ts';
import { ExitCode } from '#lib/errors.ts';
import { ownKeys } from '#lib/own-keys.ts';
import { type GroupEnd, startGroup } from '#lib/pool/process-group.ts';
import { type TreeWatch, watchTree } from '#lib/pool/process-tree.ts';
import { threadLimits } from '#lib/pool/program.ts';
import type { WidthUse } from '#lib/pool/width.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { isOutOfMemory, type JobEnd, type JobRequest } from './job.ts';
import { endKept, type KeptProcess, type KeptProcesses } from './kept-processes.ts';
import type { Lease } from './scheduler.ts';

export interface JobProcessOptions {
  jobId: string;
  request: JobRequest;
  lease: Lease;
  /** The container's entry point. */
  main: string;
  logFile: string;
  /** How the log is called in DescribeJobs. */
  logStream: string;
  signal: AbortSignal;
  now(): Date;
  /** Processes that wait for a job; without them each job starts its own. */
  kept?: KeptProcesses;
  /** Hears of the processes' memory and CPU time while they run. */
  onStart?: (watch: TreeWatch) => void;
}

const LOG_BYTES = 16 * 1024 * 1024;
const MIB = 2 ** 20;

/**
 * Runs a job in a process that keeps to its lease, with its output in the log file: in one that has done another job, or
 * in a new one. What it leaves behind when it ends, a program that it could not end because it was killed itself, is killed.
 */
export async function runJobProcess(options: JobProcessOptions): Promise<JobEnd> {
  const { lease, main, request } = options;
  const kind = kindOf(main, request.environment);
  // A card's memory is free only when the process ends.
  const kept = lease.gpus.length > 0 ? undefined : options.kept?.take(kind);
  const end = await runJob(options, kind, kept);
  // What the jobs before it left in the memory of the process is not this one's fault.
  const lacksMemory = isOutOfMemory(end) || end.exitCode === ExitCode.outOfMemory;
  if (kept && lacksMemory && !options.signal.aborted) return runJob(options, kind);
  return end;
}

/** CPUs and memory are told to a process with each job; other variables may count when it starts. */
function kindOf(main: string, environment: Record<string, string>): string {
  const { RTPIPELINE_CPUS: _, RTPIPELINE_MEMORY_MIB: __, ...others } = environment;
  return JSON.stringify([main, others]);
}

async function runJob(options: JobProcessOptions, kind: string, kept?: KeptProcess): Promise<JobEnd> {
  const { request, lease, main, logFile, signal, now } = options;
  const startedAt = now();
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const tooMuch = new AbortController();
  const environment = environmentOf(options);
  const args = [main, request.task];
  const group = kept?.group ?? startGroup({ command: process.execPath, args, env: environment, channel: true });
  const processors = lendProcessors(lease);
  let watch = kept?.watch;
  const exceeded = () => {
    watch?.kill();
    tooMuch.abort();
  };
  let waits = false;
  try {
    const ended = await group.attend({
      signal: AbortSignal.any([signal, tooMuch.signal]),
      timeoutMs: request.timeoutSeconds * 1000,
      output: (text) => writeSync(log, text),
      outputBytes: LOG_BYTES,
      onMessage: processors.onMessage,
      onStart(pid) {
        if (kept) group.send({ task: request.task, environment });
        processors.onStart(group.send);
        const limit = lease.memoryMiB * MIB;
        if (watch) watch.begin(limit, exceeded);
        else watch = watchTree(pid, limit, exceeded);
        options.onStart?.(watch);
      },
    });
    waits = ended.waits;
    const how = tooMuch.signal.aborted ? outOfMemory(lease.memoryMiB) : endOf(ended);
    const peakMemoryMiB = Math.round((watch?.peakBytes() ?? 0) / MIB);
    return { startedAt, stoppedAt: now(), logStream: options.logStream, peakMemoryMiB, ...how };
  } finally {
    processors.stop();
    closeSync(log);
    if (watch && waits && options.kept && lease.gpus.length === 0) options.kept.keep(kind, { group, watch });
    else if (watch) endKept({ group, watch });
  }
}

/**
 * Tells the job how many CPUs it has and hears how many it uses. Resize messages are numbered; reports older than
 * the latest resize are ignored.
 */
function lendProcessors(lease: Lease) {
  let turn = 0;
  let ended = false;
  return {
    onStart(send: (message: Record<string, unknown>) => void) {
      lease.onResize((cpus) => ended || send({ cpus, turn: ++turn }));
    },
    stop() {
      ended = true;
    },
    onMessage(message: unknown) {
      const { holds, wants, turn: heard } = message as WidthUse & { turn: number };
      lease.uses(heard === turn ? holds : Number.POSITIVE_INFINITY, wants);
    },
  };
}

function environmentOf({ jobId, request, lease }: JobProcessOptions): Record<string, string | undefined> {
  return {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    ...unlessSet(threadLimits(lease.cpus)),
    ...request.environment,
    RTPIPELINE_CODE: codeDigestText(),
    RTPIPELINE_CPUS: String(lease.cpus),
    RTPIPELINE_MEMORY_MIB: String(lease.memoryMiB),
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JQ_NAME: request.queue,
    ...(lease.gpus.length > 0 && { CUDA_VISIBLE_DEVICES: lease.gpus.join(',') }),
  };
}

/** OMP_NUM_THREADS and similar variables set for the run are respected. */
function unlessSet(variables: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => process.env[name] === undefined));
}

type How = Pick<JobEnd, 'exitCode' | 'reason' | 'statusReason' | 'said'>;

/** In Batch's words: the classifier of the state machine reads them. */
function outOfMemory(memoryMiB: number): How {
  const reason = `OutOfMemoryError: Container killed due to memory usage (more than ${memoryMiB} MiB)`;
  return { exitCode: 137, reason, statusReason: 'Essential container in task exited' };
}

function endOf(ended: GroupEnd): How {
  if (ended.notStarted !== undefined) return { statusReason: `Task failed to start: ${ended.notStarted}` };
  const exitCode = ended.exitCode ?? 128 + (SIGNAL_NUMBERS[ended.signal ?? ''] ?? 0);
  if (ended.timedOut) return { exitCode, statusReason: 'Job attempt duration exceeded timeout' };
  return {
    exitCode,
    statusReason: 'Essential container in task exited',
    said: lastReason(ended.tail) ?? bySignal(ended),
  };
}

function bySignal({ signal }: GroupEnd): string | undefined {
  return signal ? `the process was ended from outside, by ${signal}` : undefined;
}

/** The stage says last in its log why it failed; where its code could not be loaded, Node does. */
function lastReason(tail: string): string | undefined {
  const lines = tail.split('\n');
  const line = lines.findLast((one) => one.includes('"event":"Job:Stage:Failed"'));
  try {
    const { error, reason } = JSON.parse(line ?? '');
    return `${error}: ${reason}`;
  } catch {
    return lines.findLast((one) => /^\w*Error\b.*: /.test(one));
  }
}

const SIGNAL_NUMBERS: Record<string, number> = ownKeys({
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGILL: 4,
  SIGINT: 2,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
  SIGTRAP: 5,
});
