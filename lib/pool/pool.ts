/** A task for a worker thread: an exported function of a module, called with one argument that can be posted. */
export interface PoolTask {
  /** Absolute URL of the module: `new URL('./task.ts', import.meta.url).href`. */
  module: string;
  /** Name of the exported function. */
  name: string;
  argument: unknown;
  /** For progress and logs: a ROI number, a file count. Never a patient's name or number. */
  label: string;
  /** Starts when the task starts, not when it is queued; 0 or absent: none. */
  timeoutMs?: number;
  /** What the task is expected to hold at its peak. */
  memoryBytes?: number;
}

export type TaskResult<T> = { ok: true; value: T } | { ok: false; error: Error };

/** Worker threads. Results come in the order of the tasks; a failed task does not stop the others. */
export interface Pool {
  readonly width: number;
  map<T>(label: string, tasks: PoolTask[], signal?: AbortSignal): Promise<TaskResult<T>[]>;
  close(): Promise<void>;
}
