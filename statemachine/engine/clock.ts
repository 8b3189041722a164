import { setTimeout as wait } from 'node:timers/promises';

/** Time as the engine sees it. */
export interface Clock {
  now(): Date;
  /** @throws the signal's reason when it aborts */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `expired` after `ms` unless the function that comes back was called before. */
  timer(ms: number, expired: () => void): () => void;
}

/** `setTimeout` overflows above this; a longer timeout is as good as none. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      for (let left = ms; left > 0; left -= LONGEST_MS) {
        await wait(Math.min(left, LONGEST_MS), undefined, { signal });
      }
    } catch {
      throw signal.reason;
    }
  },
  timer(ms, expired) {
    if (ms > LONGEST_MS) return () => {};
    const id = setTimeout(expired, ms);
    return () => clearTimeout(id);
  },
};

interface Pending {
  at: number;
  fire: () => void;
}

/**
 * A clock that jumps to the next sleeper's waking as soon as nothing else is to do: a day of waiting takes a
 * millisecond, and timeouts fire in their true order. Timers alone do not move it.
 */
export function virtualClock(start = new Date('2030-01-01T00:00:00Z')): Clock {
  let nowMs = start.getTime();
  const sleepers = new Set<Pending>();
  const timers = new Set<Pending>();

  const wakeNext = () => {
    const next = earliest(sleepers);
    if (!next) return;
    for (let timer = earliest(timers); timer && timer.at <= next.at; timer = earliest(timers)) {
      timers.delete(timer);
      nowMs = Math.max(nowMs, timer.at);
      timer.fire();
    }
    if (!sleepers.delete(next)) return;
    nowMs = Math.max(nowMs, next.at);
    next.fire();
  };

  return {
    now: () => new Date(nowMs),
    sleep(ms, signal) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const onAbort = () => sleepers.delete(sleeper) && reject(signal.reason);
        const fire = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper = { at: nowMs + ms, fire };
        sleepers.add(sleeper);
        signal.addEventListener('abort', onAbort, { once: true });
        setImmediate(wakeNext);
      });
    },
    timer(ms, expired) {
      const timer = { at: nowMs + ms, fire: expired };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
}

function earliest(pending: Set<Pending>): Pending | undefined {
  let first: Pending | undefined;
  for (const one of pending) if (!first || one.at < first.at) first = one;
  return first;
}
