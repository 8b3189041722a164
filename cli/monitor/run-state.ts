import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Sample } from './sample.ts';

/** `run/state.json`: how a run on this machine stands, written anew every second. */
export interface RunState {
  pid: number;
  host: string;
  /** Tells the process from a later one with the same number; '' where the system does not say. */
  process: string;
  startedAt: string;
  updatedAt: string;
  ended: boolean;
  done: number;
  /** 0 until the courses are known. */
  total: number;
  budget: { cpus: number; memoryMiB: number; gpus: number };
  sample: Sample;
  running: RunningStage[];
}

export interface RunningStage {
  stage: string;
  course: string;
  since: string;
  cpus?: number;
  memoryMiB?: number;
  cpuSeconds?: number;
}

export async function readRunState(store: ObjectStore): Promise<RunState | undefined> {
  return readJsonIfAny<RunState>(store, runKeys.state);
}

/**
 * A run writes its state every second; after this time without it the run counts as ended, unless there is other
 * evidence.
 */
const SILENT_MS = 60_000;

/** Whether the run that wrote the state is still at work: one that was killed could not say that it ended. */
export function isAtWork(state: RunState, now = new Date()): boolean {
  if (state.ended) return false;
  return isProcessThere(state) ?? now.getTime() - Date.parse(state.updatedAt) < SILENT_MS;
}

/**
 * Whether the process of the run is there; undefined when it cannot be seen from here, on another host or in another
 * container. Its number alone does not tell: after a restart it belongs to another process.
 */
export function isProcessThere({ pid, host, process: written }: RunState): boolean | undefined {
  if (host !== hostname() || placeOf(written) !== placeOf(processOf(process.pid) ?? '')) return undefined;
  if (!signalable(pid)) return false;
  return written === '' ? undefined : processOf(pid) === written;
}

/** Boot, container and start time of a process on Linux; undefined elsewhere, or without such a process. */
export function processOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const container = readlinkSync('/proc/self/ns/pid');
    return `${boot} ${container} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME]}`;
  } catch {
    return undefined;
  }
}

/** Processes of the same place see each other by their numbers: two machines may share a name, two containers a machine. */
function placeOf(written: string): string {
  return written.split(' ').slice(0, 2).join(' ');
}

/** Field 22 of /proc/<pid>/stat (proc(5)), counted from the first after the name. */
const START_TIME = 22 - 3;

function signalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
