import type { StageName } from '#lib/stages/table.ts';
import type { Claim } from '#lib/stages/task.ts';
import type { StageBinding } from '../bindings.ts';
import type { JobRequest } from './job.ts';

/** What one machine gives to jobs. */
export interface Budget {
  cpus: number;
  memoryMiB: number;
  /** Places on GPUs, each by its number as CUDA_VISIBLE_DEVICES names it: a GPU for two jobs stands twice. */
  gpus: number[];
  stages?: Partial<Record<StageName, StageBudget>>;
}

/** What one stage may take of it. */
export interface StageBudget {
  /** Jobs at once. */
  jobs?: number;
  /** CPUs of one job at most; default: what it asks for. */
  cpus?: number;
  /** Memory of one job instead of what it asks for. */
  memoryMiB?: number;
}

/** A claim that waits for its part of the budget: at least one CPU, at most `cpus`. */
export interface QueuedClaim extends Omit<Claim, 'timeoutSeconds'> {
  stage: string;
  /** Keeps the CPUs it starts with, because a program reads its number of threads only once. */
  fixed?: boolean;
  /** Higher goes first: short courses have a high one. */
  priority: number;
}

/** The claim of a job, cut to what the machine has at all. On AWS the same numbers choose a host. */
export function claimOf({ stage, runs }: StageBinding, request: JobRequest, budget: Budget): QueuedClaim {
  const own = budget.stages?.[stage] ?? {};
  return {
    stage,
    cpus: Math.max(1, Math.min(own.cpus ?? request.cpus, budget.cpus)),
    memoryMiB: Math.min(own.memoryMiB ?? request.memoryMiB, budget.memoryMiB),
    gpus: Math.min(request.gpus, budget.gpus.length),
    fixed: runs === 'batch gpu',
    priority: request.priority,
  };
}
