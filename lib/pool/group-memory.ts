import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const WATCH_MS = 100;

/**
 * Bytes that the processes of a group hold in memory together. Pages that forked processes share are counted once, but
 * that is slow to find out, so only where the plain sum passes `above`. 0 where there is no /proc.
 */
export function groupMemory(group: number, above: number): number {
  const members = membersOf(group);
  const sum = members.reduce((total, { residentBytes }) => total + residentBytes, 0);
  if (sum <= above) return sum;
  return members.reduce((total, { pid, residentBytes }) => total + (proportionalBytes(pid) ?? residentBytes), 0);
}

/** Calls `exceeded` once when the group holds more than the limit; `stop` ends the watch and answers with the peak. */
export function watchGroupMemory(group: number, limitBytes: number, exceeded: () => void): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    const bytes = groupMemory(group, limitBytes);
    peak = Math.max(peak, bytes);
    if (bytes <= limitBytes) return;
    clearInterval(timer);
    exceeded();
  }, WATCH_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function membersOf(group: number): { pid: number; residentBytes: number }[] {
  return listProcesses().flatMap((pid) => {
    const stat = readIfAny(`/proc/${pid}/stat`);
    if (stat === undefined) return [];
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[2]) === group ? [{ pid, residentBytes: Number(fields[21]) * PAGE_BYTES }] : [];
  });
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The process's part of what it shares: `Pss` of smaps_rollup. */
function proportionalBytes(pid: number): number | undefined {
  const kib = /^Pss:\s+(\d+) kB/m.exec(readIfAny(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
