import { TimedOut } from '../errors.ts';
import { mapConcurrently } from './concurrent.ts';
import { withTimeLimit } from './time-limit.ts';

export interface Batches {
  /** Batches under way at once. */
  width: number;
  /** Items of a batch. */
  size: number;
  /** Of a batch; 0: no limit. */
  seconds: number;
}

interface Batch {
  start: number;
  end: number;
}

/**
 * Applies `work` to every item: batches run in parallel, the items of a batch one after another. A late batch ends, and
 * its remaining items become a new batch that starts with the item it ended at. An item that uses up the time of its
 * batch gives TimedOut. Results keep the order of the items. An error of `work` rejects once running work has ended.
 */
export async function mapInBatches<T, R>(
  items: T[],
  { width, size, seconds }: Batches,
  work: (item: T) => Promise<R>,
): Promise<(R | TimedOut)[]> {
  const results = new Array<R | TimedOut>(items.length);
  const batches: Batch[] = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => ({
    start: i * size,
    end: Math.min(items.length, (i + 1) * size),
  }));

  /** Answers with the first item that had no time, if any. */
  async function take({ start, end }: Batch): Promise<number> {
    const began = performance.now();
    for (let i = start; i < end; i++) {
      const left = i === start ? seconds : seconds - (performance.now() - began) / 1000;
      if (seconds > 0 && left <= 0) return i;
      const result = await withTimeLimit(work(items[i]), seconds > 0 ? left : 0).catch(timedOut);
      if (result instanceof TimedOut && i > start) return i;
      results[i] = result;
      if (result instanceof TimedOut) return i + 1;
    }
    return end;
  }

  await mapConcurrently(batches, width, async (batch) => {
    for (let start = batch.start; start < batch.end; ) start = await take({ start, end: batch.end });
  });
  return results;
}

function timedOut(error: unknown): TimedOut {
  if (error instanceof TimedOut) return error;
  throw error;
}
