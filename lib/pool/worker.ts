import { memoryUsage } from 'node:process';
import { collectGarbage } from './collect-garbage.ts';
import { type ErrorMessage, errorToMessage } from './error-message.ts';

/** What the main thread posts: a function of a module and its argument. */
export interface Order {
  module: string;
  name: string;
  argument: unknown;
}

export type Answer = { ok: true; value: unknown; memoryBytes: number } | { ok: false; error: ErrorMessage };

/** Buffers that a task left behind count against the next ones until they are collected, so that is done at once. */
const COLLECT_ABOVE_BYTES = 64 * 1024 * 1024;

/** Runs in a worker thread. Memory is that of this thread alone: its heap and the buffers outside of it. */
export default async function work({ module, name, argument }: Order): Promise<Answer> {
  try {
    const exported: Record<string, unknown> = await import(module);
    const run = exported[name];
    if (typeof run !== 'function') throw new TypeError(`${module} exports no function ${name}`);
    const value: unknown = await run(argument);
    const { heapUsed, external } = memoryUsage();
    const memoryBytes = heapUsed + external;
    if (memoryBytes > COLLECT_ABOVE_BYTES) collectGarbage();
    return { ok: true, value, memoryBytes };
  } catch (error) {
    return { ok: false, error: errorToMessage(error) };
  }
}
