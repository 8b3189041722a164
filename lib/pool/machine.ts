import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** What this process may use, after the limits of its container. */
export interface Machine {
  cores: number;
  memoryBytes: number;
}

/** Reads a file of /proc or /sys; undefined where it is not there. */
export type ReadFile = (path: string) => string | undefined;

export const readIfAny: ReadFile = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

export function readMachine(): Machine {
  const limits = cgroupLimits(readIfAny);
  return {
    cores: Math.max(1, Math.min(availableParallelism(), Math.floor(limits.cores))),
    memoryBytes: Math.min(totalmem(), limits.memoryBytes),
  };
}

/** The rule of `workers: auto`: two cores for the system, at least 4 workers, at most 32, never more than cores. */
export function autoWorkers(cores: number): number {
  return Math.min(32, cores, Math.max(4, cores - 2));
}

/** The tightest limits on the way from this process's control group to the root, versions 1 and 2. */
export function cgroupLimits(read: ReadFile): { cores: number; memoryBytes: number } {
  const limits = { cores: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };
  for (const { controllers, path } of membership(read('/proc/self/cgroup') ?? '')) {
    for (const folder of upwards(path)) {
      const found = controllers === '' ? version2(read, folder) : version1(read, controllers, folder);
      limits.cores = Math.min(limits.cores, found.cores ?? limits.cores);
      limits.memoryBytes = Math.min(limits.memoryBytes, found.memoryBytes ?? limits.memoryBytes);
    }
  }
  return limits;
}

interface Found {
  cores?: number;
  memoryBytes?: number;
}

/** Lines `4:memory:/path`; version 2 has one line `0::/path`. */
function membership(text: string): { controllers: string; path: string }[] {
  return [...text.matchAll(/^\d+:([^:]*):(.*)$/gm)].map(([, controllers, path]) => ({ controllers, path }));
}

/** `/a/b` -> `/a/b`, `/a`, `` . In a container the path may not be visible; the root then holds the container's limit. */
function upwards(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    parts
      .slice(0, parts.length - up)
      .map((part) => `/${part}`)
      .join(''),
  );
}

function version2(read: ReadFile, folder: string): Found {
  const root = `/sys/fs/cgroup${folder}`;
  const [quota, period] = (read(`${root}/cpu.max`) ?? '').trim().split(' ');
  return {
    cores: ratio(quota, period),
    memoryBytes: bytes(read(`${root}/memory.max`)),
  };
}

function version1(read: ReadFile, controllers: string, folder: string): Found {
  const names = controllers.split(',');
  if (names.includes('memory')) {
    return { memoryBytes: bytes(read(`/sys/fs/cgroup/memory${folder}/memory.limit_in_bytes`)) };
  }
  if (!names.includes('cpu')) return {};
  const root = `/sys/fs/cgroup/cpu${folder}`;
  return { cores: ratio(read(`${root}/cpu.cfs_quota_us`), read(`${root}/cpu.cfs_period_us`)) };
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function bytes(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}
