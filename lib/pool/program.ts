import { GpuLost, GpuOutOfMemory, OutOfMemory, PipelineError, TimedOut, Transient } from '../errors.ts';
import { withoutSecrets } from '../secrets.ts';
import { isLostGpu } from './lost-gpu.ts';
import { memoryKindOf } from './memory-error.ts';
import { type GroupEnd, type GroupOptions, runGroup } from './process-group.ts';

export interface ProgramOptions extends Omit<GroupOptions, 'onStart'> {
  /** Threads that numeric libraries inside the program may start; 0: as they like; absent: as the environment says. */
  threads?: number;
  /** Arguments that no message may repeat. */
  secrets?: readonly string[];
}

const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMBA_NUM_THREADS',
];

/** Environment that keeps OpenMP, BLAS and numba to so many threads; 0 lifts the limits that this process has. */
export function threadLimits(threads: number | undefined): Record<string, string | undefined> {
  if (threads === undefined) return {};
  return Object.fromEntries(THREAD_VARIABLES.map((name) => [name, threads > 0 ? String(threads) : undefined]));
}

/**
 * Runs an external program (a segmenter) to its end; see runGroup for how it is ended.
 * @throws TimedOut, OutOfMemory, GpuOutOfMemory, GpuLost, Transient, PipelineError with the end of its output; the reason of the
 * abort
 */
export async function runProgram({
  threads,
  secrets = [],
  ...options
}: ProgramOptions): Promise<{ seconds: number; tail: string }> {
  options.signal.throwIfAborted();
  const ended = await runGroup({ ...options, env: { ...options.env, ...threadLimits(threads) } });
  options.signal.throwIfAborted();
  if (ended.exitCode === 0) return { seconds: ended.seconds, tail: ended.tail };
  throw programError(options.command.split('/').at(-1)!, { ...ended, tail: withoutSecrets(ended.tail, secrets) });
}

function programError(name: string, ended: GroupEnd): PipelineError {
  if (ended.timedOut) return new TimedOut(`${name} was ended after ${Math.round(ended.seconds)} s`);
  if (ended.notStarted !== undefined) return new PipelineError(`${name} could not be started: ${ended.notStarted}`);
  const how = ended.signal ?? `exit code ${ended.exitCode}`;
  const message = `${name} ended with ${how}: ${lastLines(ended.tail)}`;
  const memory = memoryKindOf(ended.tail);
  if (memory === 'gpu' || ended.exitCode === 42) return new GpuOutOfMemory(message);
  if (memory === 'host' || ended.exitCode === 137 || ended.signal === 'SIGKILL') return new OutOfMemory(message);
  if (isLostGpu(ended.tail)) return new GpuLost(message);
  return ended.exitCode === 75 ? new Transient(message) : new PipelineError(message);
}

/** What Python underlines code with. */
const UNDERLINE = /^[\s^~]+$/;

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => !UNDERLINE.test(line) && line !== '');
  return lines
    .slice(-5)
    .map((line) => line.trim())
    .join(' / ')
    .slice(-600);
}
