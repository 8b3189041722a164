import type { Log } from '../log.ts';
import { runAdaptively } from './adaptive.ts';
import { type Admission, memoryAdmission, noAdmission } from './admission.ts';
import type { Pool, PoolTask, TaskResult } from './pool.ts';
import { taskProgress } from './progress.ts';
import { startThreads, type Threads } from './threads.ts';
import { fixedWidth, lentWidth, type WidthUse } from './width.ts';

export interface PoolOptions {
  /** Worker threads at once. */
  width: number;
  /** Makes the width one that `resize` sets, and hears when the pool can do with less or has work for more. */
  onUse?: (use: WidthUse) => void;
  /** Fewer than this are never tried, and a memory error with this many is final. Default 1. */
  minWidth?: number;
  /** Memory limit of the whole process; absent: only the number of tasks is limited, and nothing watches the memory. */
  memoryBytes?: number;
  /** Whether tasks wait for room by their predicted memory. Default true where `memoryBytes` is given. */
  admission?: boolean;
  /** JavaScript heap of one worker; buffers of typed arrays lie outside of it. Default: as Node chooses. */
  workerHeapMiB?: number;
  /** Threads that serve other pools later; the pool does not end them. Default: its own, with `workerHeapMiB`. */
  threads?: Threads;
  log: Log;
  /** Gets `label: x/y (z%) elapsed, ETA left` after every task and every 60 s. */
  onProgress?: (line: string) => void;
}

export interface ResizablePool extends Pool {
  /** Sets the number of workers from now on; running tasks are not ended. */
  resize(width: number): void;
}

/**
 * Worker threads that are started when there is work and end when there is none. See `runAdaptively` for what happens
 * on memory errors; a task past its `timeoutMs` is killed with its worker and fails as TimedOut, the others go on.
 */
export function createPool(options: PoolOptions): ResizablePool {
  const { minWidth = 1, memoryBytes, workerHeapMiB, onUse, log, onProgress = () => {} } = options;
  const fixed = { ...fixedWidth(options.width), set() {} };
  const width = onUse ? lentWidth(options.width, onUse) : fixed;
  const threads = options.threads ?? startThreads({ heapMiB: workerHeapMiB });
  return {
    get width() {
      return width.now();
    },
    resize: width.set,
    async map<T>(label: string, tasks: PoolTask[], signal = new AbortController().signal): Promise<TaskResult<T>[]> {
      const progress = taskProgress({
        label,
        total: tasks.length,
        nowMs: () => performance.now(),
        onLine: onProgress,
        onSlow: (task, seconds) => log.warn({ label, task, seconds }, 'Pool:PoolTask:Slow'),
      });
      try {
        return await runAdaptively<T>(tasks, {
          label,
          width,
          minWidth,
          admission: admissionOf(options),
          start: (task, signal) => threads.run<T>(task, signal),
          memory:
            memoryBytes === undefined
              ? undefined
              : { usedBytes: () => process.memoryUsage.rss(), limitBytes: memoryBytes },
          onStart: (task) => progress.started(task.label),
          onEnd: (task) => progress.ended(task.label),
          log,
          signal,
        });
      } finally {
        progress.close();
      }
    },
    close: async () => {
      if (!options.threads) await threads.close();
    },
  };
}

/** What a thread and the modules in it hold before any task: 20 MiB measured with Node 24, more with large modules. */
const THREAD_BYTES = 32 * 2 ** 20;

/** What is left for tasks and their threads beside what the process holds already. */
function admissionOf({ memoryBytes, admission = true }: PoolOptions): Admission {
  if (memoryBytes === undefined || !admission) return noAdmission;
  return memoryAdmission(Math.max(0, memoryBytes - process.memoryUsage.rss()), THREAD_BYTES);
}
