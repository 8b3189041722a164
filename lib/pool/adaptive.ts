import { OutOfMemory } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Admission } from './admission.ts';
import { isMemoryError } from './memory-error.ts';
import type { PoolTask, TaskResult } from './pool.ts';
import type { Width } from './width.ts';

/** What a worker made of a task and what it held at the end. */
export interface Done<T> {
  value: T;
  memoryBytes: number;
}

/** The worker ended without an answer: killed, crashed, or gone by itself. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

export interface AdaptiveOptions<T> {
  label: string;
  width: Width;
  minWidth: number;
  admission: Admission;
  /** Starts a task at once on its own worker; its abort kills that worker. */
  start(task: PoolTask, signal: AbortSignal): Promise<Done<T>>;
  /** Bytes in use and allowed; the last started task is given up and tried again when use passes the limit. */
  memory?: { usedBytes(): number; limitBytes: number };
  onStart?(task: PoolTask): void;
  onEnd?(task: PoolTask): void;
  log: Log;
  signal: AbortSignal;
}

interface Attempt {
  task: PoolTask;
  index: number;
  lost: number;
  /** The width when it was started: a memory error at the smallest width is final. */
  width: number;
  kill: AbortController;
}

const LOST_AT_MOST = 2;
const WATCH_MS = 50;

/**
 * Runs all tasks, as many at once as the width and memory allow. A memory error halves the number of workers and only its task is
 * tried again, down to `minWidth`; the task of a lost worker is tried again twice. A task that is not admitted does not
 * hold up smaller ones behind it. Results come in the order of the tasks.
 * @throws the reason of the signal, when all workers have ended
 */
export async function runAdaptively<T>(tasks: PoolTask[], options: AdaptiveOptions<T>): Promise<TaskResult<T>[]> {
  const { label, width: lent, minWidth, admission, memory, log, signal } = options;
  const results: TaskResult<T>[] = new Array(tasks.length);
  const waiting: Attempt[] = tasks.map((task, index) => ({
    task,
    index,
    lost: 0,
    width: 0,
    kill: new AbortController(),
  }));
  const active = new Map<Attempt, Promise<void>>();
  let most = Number.POSITIVE_INFINITY;
  let held = false;
  const widthNow = () => Math.min(most, lent.now());

  const launch = (attempt: Attempt) => {
    attempt.width = widthNow();
    attempt.kill = new AbortController();
    options.onStart?.(attempt.task);
    const ended = options
      .start(attempt.task, AbortSignal.any([signal, attempt.kill.signal]))
      .then(
        ({ value, memoryBytes }) => {
          admission.learn(attempt.task, memoryBytes);
          settle(attempt, { ok: true, value });
        },
        (error) => fail(attempt, error),
      )
      .finally(() => active.delete(attempt));
    active.set(attempt, ended);
  };
  const settle = ({ task, index }: Attempt, result: TaskResult<T>) => {
    results[index] = result;
    options.onEnd?.(task);
  };
  const fail = (attempt: Attempt, error: Error) => {
    if (signal.aborted) return;
    if (isMemoryError(error)) return backOff(attempt, error);
    if (error instanceof WorkerLost && attempt.lost < LOST_AT_MOST) {
      attempt.lost += 1;
      log.warn({ label, task: attempt.task.label, lost: attempt.lost }, 'Pool:Worker:Lost');
      waiting.push(attempt);
      return;
    }
    settle(attempt, { ok: false, error });
  };
  const backOff = (attempt: Attempt, error: Error) => {
    if (attempt.width <= minWidth) return settle(attempt, { ok: false, error });
    most = Math.min(most, Math.max(minWidth, Math.floor(attempt.width / 2)));
    const message = 'memory pressure detected';
    log.warn({ label, task: attempt.task.label, workers: most, reason: error.message, message }, 'Pool:Memory:BackOff');
    waiting.push(attempt);
  };
  const watch = memory && setInterval(() => relieve(active, memory), WATCH_MS);

  try {
    while (waiting.length > 0 || active.size > 0) {
      lent.use(active.size, active.size + waiting.length);
      const width = widthNow();
      const running = [...active.keys()].map(({ task }) => task);
      const next = active.size < width ? waiting.findIndex(({ task }) => admission.admits(task, running)) : -1;
      if (next >= 0 && !signal.aborted) {
        launch(waiting.splice(next, 1)[0]);
        continue;
      }
      if (active.size === 0) break;
      if (active.size < width && waiting.length > 0 && !held) {
        held = true;
        const predicted = admission.predict(waiting[0].task);
        log.info({ label, active: active.size, waiting: waiting.length, predicted }, 'Pool:Admission:Hold');
      }
      await Promise.race([...active.values(), lent.changed()]);
    }
  } finally {
    clearInterval(watch);
    lent.use(0, 0);
  }
  signal.throwIfAborted();
  return results;
}

/** Gives up the task that was started last, if it is not the only one: the others have come further. */
function relieve(
  active: Map<Attempt, unknown>,
  { usedBytes, limitBytes }: { usedBytes(): number; limitBytes: number },
) {
  if (active.size < 2 || usedBytes() <= limitBytes) return;
  const last = [...active.keys()].at(-1)!;
  last.kill.abort(new OutOfMemory(`the workers use more than ${Math.round(limitBytes / 2 ** 20)} MiB`));
}
