import type { PoolTask } from './pool.ts';

/** Decides whether one more task fits into memory beside those under way. */
export interface Admission {
  /** Bytes that the task will hold at its peak; undefined while nothing is known. */
  predict(task: PoolTask): number | undefined;
  admits(task: PoolTask, active: PoolTask[]): boolean;
  /** A task held this much at its end. */
  learn(task: PoolTask, bytes: number): void;
}

/** Estimates are the largest seen, and a little more: one task too many costs a killed worker. */
const MARGIN = 1.1;

/**
 * Keeps the sum of the predicted memory below the budget. The pool trusts the `memoryBytes` that a task states, and
 * raises them once other tasks exceeded their statement. A task without a statement is predicted as the largest of its
 * kind so far. Until one of its kind is measured, a task runs alone. The kind of a task is its function. A thread that
 * states its task's memory needs `threadBytes` besides; measured values include them.
 */
export function memoryAdmission(budgetBytes: number, threadBytes = 0): Admission {
  const largest = new Map<string, number>();
  const excess = new Map<string, number>();
  const kindOf = (task: PoolTask) => `${task.module}#${task.name}`;

  const predict = (task: PoolTask) => {
    const stated = task.memoryBytes;
    if (stated !== undefined) return threadBytes + stated * (excess.get(kindOf(task)) ?? 1);
    const seen = largest.get(kindOf(task));
    return seen === undefined ? undefined : seen * MARGIN;
  };
  return {
    predict,
    admits(task, active) {
      if (active.length === 0) return true;
      let sum = 0;
      for (const one of [task, ...active]) sum += predict(one) ?? Number.POSITIVE_INFINITY;
      return sum <= budgetBytes;
    },
    learn(task, bytes) {
      const kind = kindOf(task);
      largest.set(kind, Math.max(bytes, largest.get(kind) ?? 0));
      if (task.memoryBytes) excess.set(kind, Math.max(bytes / task.memoryBytes, excess.get(kind) ?? 1));
    },
  };
}

/** Admits everything: the number of workers is the only limit. */
export const noAdmission: Admission = { predict: () => undefined, admits: () => true, learn: () => {} };
