import type { StageName } from '#lib/stages/table.ts';
import type { StageBinding } from '../bindings.ts';
import type { JobRequest } from './job.ts';

/** What one machine gives to jobs. */
export interface Budget {
  cpus: number;
  memoryMiB: number;
  /** Places on graphics cards, each by its number as CUDA_VISIBLE_DEVICES names it: a card for two jobs stands twice. */
  gpus: number[];
  stages?: Partial<Record<StageName, StageBudget>>;
}

/** What one stage may take of it. */
export interface StageBudget {
  /** Jobs at once. */
  jobs?: number;
  /** Processors of one job at most; default: what it asks for. */
  cpus?: number;
  /** Memory of one job instead of what it asks for. */
  memoryMiB?: number;
}

/** What a job asks for: at least one processor, at most `cpus`. */
export interface Claim {
  stage: string;
  cpus: number;
  memoryMiB: number;
  gpus: number;
  /** What it begins with it keeps: threads of a program are told once. */
  fixed?: boolean;
  /** Higher goes first: short courses have a high one. */
  priority: number;
}

/** The claim of a job, cut to what the machine has at all. On AWS the same numbers choose a host. */
export function claimOf({ stage, runs }: StageBinding, request: JobRequest, budget: Budget): Claim {
  const own = budget.stages?.[stage] ?? {};
  return {
    stage,
    cpus: Math.max(1, Math.min(own.cpus ?? request.vcpus, budget.cpus)),
    memoryMiB: Math.min(own.memoryMiB ?? request.memoryMiB, budget.memoryMiB),
    gpus: Math.min(request.gpus, budget.gpus.length),
    fixed: runs === 'batch gpu',
    priority: request.priority,
  };
}
