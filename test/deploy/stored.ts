import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Emulator } from '../emulator/emulator.ts';

/** A job as the emulator's Batch knows it, with the one attempt that the state machine gives it. */
export interface StoredJob {
  jobName: string;
  jobQueue: string;
  createdAt: number;
  status: string;
  statusReason?: string;
  parameters: { task: string };
  container: {
    exitCode?: number;
    reason?: string;
    logStreamName?: string;
    resourceRequirements: { type: string; value: string }[];
  };
}

/** What the emulator holds: by service, then by the name of its store. Bodies of objects are left out. */
type Stored = Record<string, Record<string, Record<string, unknown>>>;

/** All that the emulator holds now, as text and read. */
export async function stored(emulator: Emulator, file: string): Promise<{ text: string; services: Stored }> {
  rmSync(file, { force: true });
  emulator.process.kill('SIGUSR1');
  for (let tries = 0; tries < 600 && !existsSync(file); tries++) await wait(100);
  const text = readFileSync(file, 'utf8');
  return { text, services: JSON.parse(text) };
}

/** Jobs of the run in the order in which they were submitted. */
export function jobsOf({ batch }: Stored, run: string): StoredJob[] {
  const jobs = Object.values(batch._jobs) as StoredJob[];
  return jobs
    .filter(({ parameters }) => parameters.task.includes(`/runs/${run}/`))
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** Why a job ended as it did, in one line. */
export function reasonOf({ statusReason, container }: StoredJob): string {
  return [statusReason, container.reason, container.exitCode].filter((part) => part !== undefined).join(' | ');
}

export function memoryOf({ container }: StoredJob): number {
  return Number(container.resourceRequirements.find(({ type }) => type === 'MEMORY')?.value);
}
