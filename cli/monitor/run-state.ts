import { readJsonIfAny } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Sample } from './sample.ts';

/** `run/state.json`: how a run on this machine stands, written anew every second. */
export interface RunState {
  pid: number;
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

/** Whether the process that wrote the state still runs: a run that was killed could not say that it ended. */
export function isAtWork({ pid, ended }: RunState): boolean {
  if (ended) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
