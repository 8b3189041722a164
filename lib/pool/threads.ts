import { Piscina } from 'piscina';
import { TimedOut } from '../errors.ts';
import { type Done, WorkerLost } from './adaptive.ts';
import { errorFromMessage } from './error-message.ts';
import type { PoolTask } from './pool.ts';
import type { Answer, Order } from './worker.ts';

/** Worker threads. They keep what they have loaded and compiled, so that a later task starts sooner. */
export interface Threads {
  /**
   * Runs a task at once, on a thread that waits or on a new one. An abort ends its thread.
   * @throws TimedOut, WorkerLost, what the task throws, the reason of the abort
   */
  run<T>(task: PoolTask, signal: AbortSignal): Promise<Done<T>>;
  /** Ends all threads. Tasks may be run again later. */
  close(): Promise<void>;
}

export interface ThreadsOptions {
  /** JavaScript heap of one thread. Default: as Node chooses. */
  heapMiB?: number;
  /** How long a thread waits for another task before it ends. Default one second. */
  idleMs?: number;
}

/** Who runs the tasks limits their number. */
const MOST_THREADS = 1024;

/** Threads that are started when there is work and end when there has been none for a while. */
export function startThreads({ heapMiB, idleMs = 1000 }: ThreadsOptions = {}): Threads {
  let threads: Piscina<Order, Answer> | undefined;
  const start = () =>
    new Piscina<Order, Answer>({
      filename: new URL('./worker.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: MOST_THREADS,
      idleTimeout: idleMs,
      ...(heapMiB && { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
    });
  return {
    run(task, signal) {
      threads ??= start();
      return runOnThread(threads, task, signal);
    },
    async close() {
      const ending = threads;
      threads = undefined;
      await ending?.destroy();
    },
  };
}

async function runOnThread<T>(threads: Piscina<Order, Answer>, task: PoolTask, outer: AbortSignal): Promise<Done<T>> {
  const { module, name, argument, timeoutMs = 0 } = task;
  const limit = new AbortController();
  const timeout = new TimedOut(`the task took longer than ${timeoutMs / 1000} s`, { where: task.label });
  const timer = timeoutMs > 0 ? setTimeout(() => limit.abort(timeout), timeoutMs) : undefined;
  const signal = AbortSignal.any([outer, limit.signal]);
  try {
    const answer = await threads.run({ module, name, argument }, { signal });
    if (!answer.ok) throw errorFromMessage(answer.error);
    return { value: answer.value as T, memoryBytes: answer.memoryBytes };
  } catch (error) {
    signal.throwIfAborted();
    throw isExit(error) ? new WorkerLost(error.message) : error;
  } finally {
    clearTimeout(timer);
  }
}

function isExit(error: unknown): error is Error {
  return error instanceof Error && /^worker exited with code/i.test(error.message);
}
