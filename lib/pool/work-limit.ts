import { Script } from 'node:vm';
import { TimedOut } from '../errors.ts';

/** Where a script, which alone has a limit that another thread watches over, finds the work. */
const PLACE = Symbol.for('rtpipeline.limitedWork');
const script = new Script("globalThis[Symbol.for('rtpipeline.limitedWork')]()");

/**
 * Does work that waits for nothing, and ends it after so many seconds, an endless loop or regular expression too: whatever a
 * file holds, the thread goes on and hears signals. Some 0.1 ms go into the watch. Work within such work is not watched again.
 * @throws TimedOut, and whatever the work throws
 */
export function withWorkLimit<T>(seconds: number, work: () => T): T {
  const place = globalThis as { [PLACE]?: () => T };
  if (place[PLACE]) return work();
  place[PLACE] = work;
  try {
    return script.runInThisContext({ timeout: Math.max(1, Math.round(1000 * seconds)) });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')) throw error;
    throw new TimedOut(`not done after ${seconds} s`);
  } finally {
    place[PLACE] = undefined;
  }
}

/** Does work that waits for nothing, with a limit; the answer comes after a turn of the event loop. */
export type LimitedWork = <T>(work: () => T) => Promise<T>;

interface Asked {
  /** Settles the promise, whether the work throws or not. */
  settle(): void;
  fail(error: TimedOut): void;
}

/**
 * As withWorkLimit, with one watch over all works that are asked for in one turn of the event loop: a watch takes longer than
 * most works. Each has its own answer or error. The work under way when the time of all ends is tried once more alone.
 */
export function groupedWorkLimit(seconds: number): LimitedWork {
  let asked: Asked[] = [];
  const settleAll = () => {
    const works = asked;
    asked = [];
    let next = 0;
    while (next < works.length)
      try {
        withWorkLimit(seconds, () => {
          for (; next < works.length; next++) works[next].settle();
        });
      } catch {
        settleAlone(seconds, works[next++]);
      }
  };
  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (asked.length === 0) setImmediate(settleAll);
      const settle = () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      asked.push({ settle, fail: reject });
    });
}

function settleAlone(seconds: number, { settle, fail }: Asked): void {
  try {
    withWorkLimit(seconds, settle);
  } catch (error) {
    fail(error as TimedOut);
  }
}
