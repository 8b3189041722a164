import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of a group hold and have used together. */
export interface GroupUse {
  residentBytes: number;
  /** Processor time, that of children which have ended included. */
  cpuSeconds: number;
}

const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;
const WATCH_MS = 100;
/** New processes are looked for less often than known ones are looked at: that goes through all of /proc. */
const SEARCH_MS = 500;

interface Watcher {
  group: number;
  limitBytes: number;
  exceeded?: () => void;
  peakBytes: number;
  use: GroupUse;
}

/** One walk serves every group that is watched. */
const watchers = new Set<Watcher>();
let timer: NodeJS.Timeout | undefined;
let members: { pid: number; group: number }[] = [];
let searchedAt = Number.NEGATIVE_INFINITY;

export interface GroupWatch {
  use(): GroupUse;
  /** Ends the watch and answers with the largest memory seen. */
  stop(): number;
}

/** Looks at a group ten times a second, and calls `exceeded` once when it holds more than the limit. 0 without /proc. */
export function watchGroup(group: number, limitBytes: number, exceeded: () => void): GroupWatch {
  const watcher: Watcher = { group, limitBytes, exceeded, peakBytes: 0, use: { residentBytes: 0, cpuSeconds: 0 } };
  watchers.add(watcher);
  searchedAt = Number.NEGATIVE_INFINITY;
  timer ??= setInterval(look, WATCH_MS);
  return {
    use: () => watcher.use,
    stop() {
      watchers.delete(watcher);
      if (watchers.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
      return watcher.peakBytes;
    },
  };
}

/** Of all groups that are watched together. */
export function watchedUse(): GroupUse {
  const sum = emptyUse();
  for (const { use } of watchers) {
    sum.residentBytes += use.residentBytes;
    sum.cpuSeconds += use.cpuSeconds;
  }
  return sum;
}

function look(): void {
  const groups = new Map([...watchers].map((watcher) => [watcher.group, emptyUse()]));
  if (performance.now() - searchedAt >= SEARCH_MS) {
    searchedAt = performance.now();
    members = processIds().flatMap((pid) => {
      const found = readStat(pid);
      return found && groups.has(found.group) ? [{ pid, group: found.group }] : [];
    });
  }
  const found = members.flatMap(({ pid }) => readStat(pid) ?? []);
  for (const { group, residentBytes, cpuSeconds } of found) {
    const use = groups.get(group);
    if (!use) continue;
    use.residentBytes += residentBytes;
    use.cpuSeconds += cpuSeconds;
  }
  for (const watcher of [...watchers]) judge(watcher, groups.get(watcher.group) ?? emptyUse());
}

function judge(watcher: Watcher, use: GroupUse): void {
  if (use.residentBytes > watcher.limitBytes) use.residentBytes = proportionalBytes(watcher.group);
  watcher.use = use;
  watcher.peakBytes = Math.max(watcher.peakBytes, use.residentBytes);
  if (use.residentBytes <= watcher.limitBytes) return;
  watcher.exceeded?.();
  watcher.exceeded = undefined;
}

/** Pages that forked processes share are counted once, but that is slow to find out: `Pss` of smaps_rollup. */
function proportionalBytes(group: number): number {
  let sum = 0;
  for (const { pid } of members.filter((member) => member.group === group)) {
    const kib = /^Pss:\s+(\d+) kB/m.exec(readIfAny(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
    sum += kib === undefined ? (readStat(pid)?.residentBytes ?? 0) : Number(kib) * 1024;
  }
  return sum;
}

function emptyUse(): GroupUse {
  return { residentBytes: 0, cpuSeconds: 0 };
}

/** Fields of /proc/<pid>/stat after the name: group is the 5th of all, times are 14 to 17, resident pages the 24th. */
function readStat(pid: number): (GroupUse & { group: number }) | undefined {
  const stat = readIfAny(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = fields[11] + fields[12] + fields[13] + fields[14];
  return { group: fields[2], residentBytes: fields[21] * PAGE_BYTES, cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** Processor time of this process and of all its children that have ended, in seconds. 0 without /proc. */
export function ownCpuSeconds(): number {
  return readStat(process.pid)?.cpuSeconds ?? 0;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
