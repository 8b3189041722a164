import { balance } from './balance.ts';
import type { Budget, QueuedClaim } from './budget.ts';
import type { Holder } from './holder.ts';

/** What a job holds of the machine. */
export interface Lease {
  /** CPUs at the moment. */
  readonly cpus: number;
  memoryMiB: number;
  gpus: number[];
  /** The job is able to go on with another number of CPUs; it hears each, and answers with `uses`. */
  onResize(listener: (cpus: number) => void): void;
  /** The job holds so many from now on, and has work for so many. */
  uses(holds: number, wants: number): void;
  release(): void;
}

export interface SchedulerState {
  waiting: number;
  running: number;
  /** Free ones. */
  cpus: number;
  memoryMiB: number;
  gpus: number;
}

export interface Scheduler {
  /** Waits for room. @throws the signal's reason */
  acquire(claim: QueuedClaim, signal: AbortSignal): Promise<Lease>;
  state(): SchedulerState;
}

interface Waiter {
  claim: QueuedClaim;
  arrival: number;
  /** Later ones that started before it. */
  passed: number;
  grant(lease: Lease): void;
}

/** A job that so many others went past is next, even if the machine must run empty for it. */
const PASSED_AT_MOST = 32;

/**
 * Hands out the budget, never more of it. By priority, then by arrival; a job that does not fit now lets smaller ones
 * pass, but not for ever. A job begins with one CPU; CPUs that no waiting job could use go to those under
 * way that have work for them, and are taken back when a job comes that needs them.
 */
export function createScheduler(budget: Budget): Scheduler {
  const free = { cpus: budget.cpus, memoryMiB: budget.memoryMiB, gpus: [...budget.gpus] };
  const slots = new Map(Object.entries(budget.stages ?? {}).map(([stage, { jobs }]) => [stage, jobs ?? Infinity]));
  const waiting: Waiter[] = [];
  const holders = new Set<Holder>();
  let arrivals = 0;

  const allowed = ({ stage, gpus }: QueuedClaim) => gpus <= free.gpus.length && (slots.get(stage) ?? 1) > 0;
  const hasRoom = (claim: QueuedClaim) => claim.memoryMiB <= free.memoryMiB && allowed(claim);
  const take = (claim: QueuedClaim, cpus: number): Lease => {
    const { stage, memoryMiB } = claim;
    const gpus = Array.from({ length: claim.gpus }, () => freest(free.gpus));
    const holder: Holder = { cpus, target: cpus, wants: 1, most: claim.cpus };
    const change = (sign: 1 | -1) => {
      free.memoryMiB += sign * memoryMiB;
      if (slots.has(stage)) slots.set(stage, slots.get(stage)! + sign);
    };
    change(-1);
    free.cpus -= cpus;
    holders.add(holder);
    return {
      get cpus() {
        return holder.cpus;
      },
      memoryMiB,
      gpus,
      onResize(listener) {
        holder.resize = listener;
      },
      uses(holds, wants) {
        if (!holders.has(holder)) return;
        const cpusNow = Math.min(holder.cpus, Math.max(1, holds));
        free.cpus += holder.cpus - cpusNow;
        Object.assign(holder, { cpus: cpusNow, target: Math.min(holder.target, cpusNow), wants });
        serve();
      },
      release() {
        if (!holders.delete(holder)) return;
        free.cpus += holder.cpus;
        free.gpus.push(...gpus);
        change(1);
        serve();
      },
    };
  };
  const serve = () => {
    for (
      let next = nextOf(waiting, allowed, hasRoom);
      next && free.cpus > 0;
      next = nextOf(waiting, allowed, hasRoom)
    ) {
      waiting.splice(waiting.indexOf(next), 1);
      for (const other of waiting) if (other.arrival < next.arrival) other.passed += 1;
      next.grant(take(next.claim, cpusFor(next.claim)));
    }
    free.cpus -= balance([...holders], free.cpus, countBlocked());
  };
  /** Jobs that lack nothing but a CPU. */
  const countBlocked = () => {
    if (!nextOf(waiting, allowed, hasRoom)) return 0;
    let left = free.memoryMiB;
    return waiting.filter(({ claim }) => {
      if (!allowed(claim) || claim.memoryMiB > left) return false;
      left -= claim.memoryMiB;
      return true;
    }).length;
  };
  /** A job that keeps what it begins with shares with those of its kind that begin beside it; the others begin with one. */
  const cpusFor = (claim: QueuedClaim) => {
    if (!claim.fixed) return 1;
    const beside = besideOf(claim);
    const alike = beside.filter(({ fixed }) => fixed).length;
    const share = Math.floor((free.cpus - (beside.length - alike)) / (1 + alike));
    return Math.max(1, Math.min(claim.cpus, share));
  };
  /** Those that could begin together with it, by memory, GPUs and turns of their stages. */
  const besideOf = (first: QueuedClaim) => {
    const left = { memoryMiB: free.memoryMiB, gpus: free.gpus.length, turns: new Map(slots) };
    const takes = (claim: QueuedClaim) => {
      const turns = left.turns.get(claim.stage) ?? Infinity;
      if (claim.memoryMiB > left.memoryMiB || claim.gpus > left.gpus || turns < 1) return false;
      left.memoryMiB -= claim.memoryMiB;
      left.gpus -= claim.gpus;
      left.turns.set(claim.stage, turns - 1);
      return true;
    };
    takes(first);
    return waiting.map(({ claim }) => claim).filter(takes);
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
      const waiter: Waiter = { claim, arrival: arrivals++, passed: 0, grant };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(waiter);
      queueMicrotask(serve);
      return promise;
    },
    state: () => ({ waiting: waiting.length, running: holders.size, ...free, gpus: free.gpus.length }),
  };
}

/** Takes a place on the GPU that has most of them left. */
function freest(places: number[]): number {
  const left = (gpu: number) => places.filter((one) => one === gpu).length;
  const gpu = places.toSorted((a, b) => left(b) - left(a))[0];
  places.splice(places.indexOf(gpu), 1);
  return gpu;
}

/**
 * The first job in order that fits; none while a job that was passed too often waits for memory. A job that waits for a
 * GPU or for the limit of its stage blocks nobody, because an empty machine would not help it.
 */
function nextOf(
  waiting: Waiter[],
  allowed: (claim: QueuedClaim) => boolean,
  hasRoom: (claim: QueuedClaim) => boolean,
): Waiter | undefined {
  const inOrder = waiting.toSorted((a, b) => (goesBefore(a, b) ? -1 : 1));
  const neglected = inOrder.find(({ passed, claim }) => passed >= PASSED_AT_MOST && allowed(claim));
  if (neglected) return hasRoom(neglected.claim) ? neglected : undefined;
  return inOrder.find(({ claim }) => hasRoom(claim));
}

function goesBefore(a: Waiter, b: Waiter): boolean {
  return a.claim.priority > b.claim.priority || (a.claim.priority === b.claim.priority && a.arrival < b.arrival);
}
