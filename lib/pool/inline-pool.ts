import type { Pool, TaskResult } from './pool.ts';

/** Runs tasks one after another in this thread, for tests and tiny machines. Timeouts cannot fire. */
export function inlinePool(): Pool {
  return {
    width: 1,
    async map<T>(_: string, tasks: Parameters<Pool['map']>[1], signal?: AbortSignal): Promise<TaskResult<T>[]> {
      const results: TaskResult<T>[] = [];
      for (const { module, name, argument } of tasks) {
        signal?.throwIfAborted();
        try {
          const exported: Record<string, (argument: unknown) => T | Promise<T>> = await import(module);
          results.push({ ok: true, value: await exported[name](argument) });
        } catch (error) {
          results.push({ ok: false, error: error instanceof Error ? error : new Error(String(error)) });
        }
      }
      return results;
    },
    close: async () => {},
  };
}
