/** What one machine gives to jobs. */
export interface Budget {
  cpus: number;
  memoryMiB: number;
  /** Numbers of the graphics cards, as CUDA_VISIBLE_DEVICES names them. */
  gpus: number[];
  /** Jobs of one stage at once: `{ segmentation: 1 }`. */
  stages?: Record<string, number>;
}

export interface Claim {
  stage: string;
  cpus: number;
  memoryMiB: number;
  gpus: number;
  /** Higher goes first: short courses have a high one. */
  priority: number;
}

/** What a job has got: its claim, cut to what the machine has at all. */
export interface Lease {
  cpus: number;
  memoryMiB: number;
  gpus: number[];
  release(): void;
}

export interface Scheduler {
  /** Waits for room. @throws the signal's reason */
  acquire(claim: Claim, signal: AbortSignal): Promise<Lease>;
  /** Jobs that wait, and what is free. */
  state(): { waiting: number; running: number; cpus: number; memoryMiB: number; gpus: number };
}

interface Waiter {
  claim: Claim;
  arrival: number;
  /** Later ones that started before it. */
  passed: number;
  grant(lease: Lease): void;
}

/** A job that so many others went past is next, even if the machine must run empty for it. */
const PASSED_AT_MOST = 32;

/**
 * Hands out the budget, never more of it. By priority, then by arrival; a job that does not fit now lets smaller ones
 * pass, but not for ever.
 */
export function createScheduler(budget: Budget): Scheduler {
  const free = { cpus: budget.cpus, memoryMiB: budget.memoryMiB, gpus: [...budget.gpus] };
  const stages = new Map(Object.entries(budget.stages ?? {}));
  const waiting: Waiter[] = [];
  let arrivals = 0;
  let running = 0;

  const cut = (claim: Claim): Claim => ({
    ...claim,
    cpus: Math.min(claim.cpus, budget.cpus),
    memoryMiB: Math.min(claim.memoryMiB, budget.memoryMiB),
    gpus: Math.min(claim.gpus, budget.gpus.length),
  });
  const allowed = ({ stage, gpus }: Claim) => gpus <= free.gpus.length && (stages.get(stage) ?? 1) > 0;
  const fits = (claim: Claim) => claim.cpus <= free.cpus && claim.memoryMiB <= free.memoryMiB && allowed(claim);
  const take = (claim: Claim): Lease => {
    const { stage, cpus, memoryMiB } = claim;
    const gpus = free.gpus.splice(0, claim.gpus);
    const change = (sign: 1 | -1) => {
      free.cpus += sign * cpus;
      free.memoryMiB += sign * memoryMiB;
      running -= sign;
      const limit = stages.get(stage);
      if (limit !== undefined) stages.set(stage, limit + sign);
    };
    change(-1);
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      change(1);
      free.gpus.push(...gpus);
      serve();
    };
    return { cpus, memoryMiB, gpus, release };
  };
  const serve = () => {
    for (let next = nextOf(waiting, allowed, fits); next; next = nextOf(waiting, allowed, fits)) {
      waiting.splice(waiting.indexOf(next), 1);
      for (const other of waiting) if (other.arrival < next.arrival) other.passed += 1;
      next.grant(take(next.claim));
    }
  };

  return {
    acquire(claim, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Lease>();
      const onAbort = () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(signal.reason);
      };
      const grant = (lease: Lease) => {
        signal.removeEventListener('abort', onAbort);
        resolve(lease);
      };
      const waiter: Waiter = { claim: cut(claim), arrival: arrivals++, passed: 0, grant };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(waiter);
      queueMicrotask(serve);
      return promise;
    },
    state: () => ({ waiting: waiting.length, running, ...free, gpus: free.gpus.length }),
  };
}

/**
 * The first in order that fits; none while one that was passed too often waits for processors or memory. One that waits
 * for a card or for its stage's turn holds nobody up: an empty machine would not help it.
 */
function nextOf(
  waiting: Waiter[],
  allowed: (claim: Claim) => boolean,
  fits: (claim: Claim) => boolean,
): Waiter | undefined {
  const inOrder = waiting.toSorted((a, b) => (goesBefore(a, b) ? -1 : 1));
  const neglected = inOrder.find(({ passed, claim }) => passed >= PASSED_AT_MOST && allowed(claim));
  if (neglected) return fits(neglected.claim) ? neglected : undefined;
  return inOrder.find(({ claim }) => fits(claim));
}

function goesBefore(a: Waiter, b: Waiter): boolean {
  return a.claim.priority > b.claim.priority || (a.claim.priority === b.claim.priority && a.arrival < b.arrival);
}
