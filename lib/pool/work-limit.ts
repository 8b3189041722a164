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

/** How long work waits for other work to share its time limit. */
const GATHER_MS = 2;

/**
 * As withWorkLimit, with one watch over works that are asked for at nearly the same time: a watch takes longer than most
 * works. Each has its own answer or error. The work under way when the time of all ends is tried once more alone.
 * @param most as many works may be asked for at once; when they are, none waits for more
 */
export function groupedWorkLimit(seconds: number, most: number): LimitedWork {
  let asked: Asked[] = [];
  let timer: NodeJS.Timeout | undefined;
  const settleAll = () => {
    clearTimeout(timer);
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
      const settle = () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      asked.push({ settle, fail: reject });
      if (asked.length === most) setImmediate(settleAll);
      else if (asked.length === 1) timer = setTimeout(settleAll, GATHER_MS);
    });
}

function settleAlone(seconds: number, { settle, fail }: Asked): void {
  try {
    withWorkLimit(seconds, settle);
  } catch (error) {
    fail(error as TimedOut);
  }
}
