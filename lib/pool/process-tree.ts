import { readdirSync } from 'node:fs';
import { readIfAny } from './machine.ts';

/** What a process and all that it started hold and have used together. */
export interface TreeUse {
  residentBytes: number;
  /** CPU time, that of children which have ended included. */
  cpuSeconds: number;
}

export interface TreeWatch {
  /** Since it was last begun. */
  use(): TreeUse;
  /** The largest memory seen since then. */
  peakBytes(): number;
  /** Counts from now, with another limit. */
  begin(limitBytes: number, exceeded: () => void): void;
  /** Ends all of them at once, those too that made themselves a group of their own. */
  kill(): void;
  stop(): void;
}

interface Tree {
  root: number;
  limitBytes: number;
  exceeded?: () => void;
  peakBytes: number;
  use: TreeUse;
  /** CPU time when it was last begun. */
  before: number;
}

const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;
const WATCH_MS = 200;
/** New processes are looked for less often than known ones are looked at: that goes through all of /proc. */
const SEARCH_MS = 1000;

/** One walk serves all trees. */
const trees = new Map<number, Tree>();
let timer: NodeJS.Timeout | undefined;
/** Root of the tree that a process was born into, or 0; a child whose parent has ended still belongs to it. */
let rootOf = new Map<number, number>();
let searchedAt = Number.NEGATIVE_INFINITY;

/** Looks at a tree five times a second, and calls `exceeded` once when it holds more than the limit. 0 without /proc. */
export function watchTree(root: number, limitBytes: number, exceeded: () => void): TreeWatch {
  const none = { residentBytes: 0, cpuSeconds: 0 };
  const tree: Tree = { root, limitBytes, exceeded, peakBytes: 0, use: none, before: 0 };
  trees.set(root, tree);
  rootOf.set(root, root);
  timer ??= setInterval(look, WATCH_MS);
  return {
    use: () => ({ ...tree.use, cpuSeconds: tree.use.cpuSeconds - tree.before }),
    peakBytes: () => tree.peakBytes,
    begin(limitBytes, exceeded) {
      const before = tree.use.cpuSeconds;
      Object.assign(tree, { limitBytes, exceeded, peakBytes: 0, before });
    },
    kill() {
      if (membersOf(root).length > 1 || readStat(root)) search();
      for (const pid of membersOf(root)) killIfAny(pid);
    },
    stop() {
      trees.delete(root);
      if (trees.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Of all trees together. */
export function watchedUse(): TreeUse {
  return sumOf([...trees.values()].map(({ use }) => use));
}

/** CPU time of this process and of all its children that have ended, in seconds. 0 without /proc. */
export function ownCpuSeconds(): number {
  return readStat(process.pid)?.cpuSeconds ?? 0;
}

function look(): void {
  if (performance.now() - searchedAt >= SEARCH_MS) search();
  for (const tree of [...trees.values()]) {
    const members = membersOf(tree.root);
    const use = sumOf(members.flatMap((pid) => readStat(pid) ?? []));
    if (use.residentBytes > tree.limitBytes) use.residentBytes = proportionalBytes(members);
    tree.use = use;
    tree.peakBytes = Math.max(tree.peakBytes, use.residentBytes);
    if (use.residentBytes <= tree.limitBytes) continue;
    tree.exceeded?.();
    tree.exceeded = undefined;
  }
}

/** A process is read when it is first seen: what its parent belongs to, it belongs to. */
function search(): void {
  searchedAt = performance.now();
  const before = rootOf;
  const parents = new Map<number, number>();
  rootOf = new Map();
  for (const pid of processIds()) {
    const known = before.get(pid);
    if (known !== undefined) rootOf.set(pid, known);
    else parents.set(pid, readStat(pid)?.parent ?? 0);
  }
  const resolve = (pid: number): number => {
    const found = rootOf.get(pid);
    if (found !== undefined) return found;
    const parent = parents.get(pid);
    const root = parent === undefined ? 0 : resolve(parent);
    rootOf.set(pid, root);
    return root;
  };
  for (const pid of parents.keys()) resolve(pid);
}

function membersOf(root: number): number[] {
  return [...rootOf].flatMap(([pid, its]) => (its === root ? [pid] : []));
}

function sumOf(uses: TreeUse[]): TreeUse {
  const sum = { residentBytes: 0, cpuSeconds: 0 };
  for (const { residentBytes, cpuSeconds } of uses) {
    sum.residentBytes += residentBytes;
    sum.cpuSeconds += cpuSeconds;
  }
  return sum;
}

/** Pages that forked processes share are counted once, but that is slow to find out: `Pss` of smaps_rollup. */
function proportionalBytes(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    const kib = /^Pss:\s+(\d+) kB/m.exec(readIfAny(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
    return sum + (kib === undefined ? (readStat(pid)?.residentBytes ?? 0) : Number(kib) * 1024);
  }, 0);
}

/** Fields of /proc/<pid>/stat after the name: parent is the 4th of all, times are 14 to 17, resident pages the 24th. */
function readStat(pid: number): (TreeUse & { parent: number }) | undefined {
  const stat = readIfAny(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = fields[11] + fields[12] + fields[13] + fields[14];
  return { parent: fields[1], residentBytes: fields[21] * PAGE_BYTES, cpuSeconds: ticks / TICKS_PER_SECOND };
}

function killIfAny(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
