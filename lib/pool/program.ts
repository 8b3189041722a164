import { execa } from 'execa';
import { GpuOutOfMemory, OutOfMemory, PipelineError, TimedOut, Transient } from '../errors.ts';
import { memoryKindOf } from './memory-error.ts';

export interface ProgramOptions {
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  signal: AbortSignal;
  /** 0 or absent: none. */
  timeoutMs?: number;
  /** Threads that numeric libraries inside the program may start; absent: as they like. */
  threads?: number;
  /** Gets what the program prints, both streams as they come, until `outputBytes` of it. */
  output?: (text: string) => void;
  outputBytes?: number;
}

export interface ProgramResult {
  seconds: number;
  /** The end of what it printed, for messages. */
  tail: string;
}

const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMBA_NUM_THREADS',
];
const OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_LENGTH = 8192;
const GRACE_MS = 5000;

/** Environment that keeps OpenMP, BLAS and numba to so many threads. */
export function threadLimits(threads: number | undefined): Record<string, string> {
  if (threads === undefined || threads <= 0) return {};
  return Object.fromEntries(THREAD_VARIABLES.map((name) => [name, String(threads)]));
}

/**
 * Runs a program to its end in a process group of its own; on timeout and abort the whole group is ended, with
 * SIGTERM and 5 s later SIGKILL. What the program started and left behind is killed when it ends.
 * @throws TimedOut, OutOfMemory, GpuOutOfMemory, PipelineError with the end of its output; the reason of the abort
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const { command, args, cwd, signal, timeoutMs = 0 } = options;
  signal.throwIfAborted();
  const started = performance.now();
  const env = { ...options.env, ...threadLimits(options.threads) };
  const child = execa(command, args, {
    cwd,
    env,
    detached: true,
    reject: false,
    buffer: false,
    stdin: 'ignore',
    all: true,
  });
  const printed = collect(options);
  child.all.setEncoding('utf8').on('data', printed.add);
  const end = groupEnder(child.pid);
  const deadline = new AbortController();
  const timer = timeoutMs > 0 ? setTimeout(() => deadline.abort(), timeoutMs) : undefined;
  const stop = AbortSignal.any([signal, deadline.signal]);
  stop.addEventListener('abort', end.gently, { once: true });
  const ended = await child;
  clearTimeout(timer);
  stop.removeEventListener('abort', end.gently);
  end.now();
  signal.throwIfAborted();
  if (!ended.failed) return { seconds: (performance.now() - started) / 1000, tail: printed.tail() };
  throw programError(command, deadline.signal.aborted ? timeoutMs : 0, ended, printed.tail());
}

function collect({ output = () => {}, outputBytes = OUTPUT_BYTES }: ProgramOptions) {
  let left = outputBytes;
  let tail = '';
  return {
    add(text: string): void {
      tail = `${tail}${text}`.slice(-TAIL_LENGTH);
      if (left <= 0) return;
      const bytes = Buffer.byteLength(text);
      output(bytes <= left ? text : `${text.slice(0, left)}\n[output ends here: ${outputBytes} bytes are kept]\n`);
      left -= bytes;
    },
    tail: () => tail,
  };
}

/** Ends a process and all that it started, as long as it stayed in its group. */
function groupEnder(pid: number | undefined): { gently(): void; now(): void } {
  let killer: NodeJS.Timeout | undefined;
  const signalGroup = (name: NodeJS.Signals) => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      clearTimeout(killer);
    }
  };
  return {
    gently() {
      signalGroup('SIGTERM');
      killer = setTimeout(() => signalGroup('SIGKILL'), GRACE_MS);
    },
    now() {
      clearTimeout(killer);
      signalGroup('SIGKILL');
    },
  };
}

interface Ended {
  exitCode?: number;
  signal?: string;
  shortMessage?: string;
  cause?: unknown;
}

function programError(command: string, timeoutMs: number, ended: Ended, tail: string): PipelineError {
  const name = command.split('/').at(-1);
  if (timeoutMs > 0) return new TimedOut(`${name} took longer than ${timeoutMs / 1000} s`);
  if (ended.exitCode === undefined && ended.signal === undefined) {
    return new PipelineError(`${name} could not be started: ${ended.shortMessage}`, { cause: ended.cause });
  }
  const how = ended.signal === undefined ? `exit code ${ended.exitCode}` : ended.signal;
  const message = `${name} ended with ${how}: ${lastLines(tail)}`;
  const memory = memoryKindOf(tail);
  if (memory === 'gpu' || ended.exitCode === 42) return new GpuOutOfMemory(message);
  if (memory === 'host' || ended.exitCode === 137 || ended.signal === 'SIGKILL') return new OutOfMemory(message);
  return ended.exitCode === 75 ? new Transient(message) : new PipelineError(message);
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' / ').slice(-600);
}
