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
