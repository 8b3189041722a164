import { z } from 'zod';
import type { StageContext } from '../course-store/context.ts';
import { writeJson } from '../course-store/json.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import type { CourseStageName } from './table.ts';

/** The task of a Batch job; the only argument of its container is the URI of this document. */
export const taskSchema = z.strictObject({
  stage: z.string(),
  inputUri: z.string(),
  storeUri: z.string(),
  input: z.record(z.string(), z.unknown()),
});
export type TaskDocument = z.infer<typeof taskSchema>;

/** What a job asks for, on one machine and on AWS, where `cpus` are vCPUs. */
export interface Claim {
  cpus: number;
  memoryMiB: number;
  gpus: number;
  /** 0: no limit. */
  timeoutSeconds: number;
}

/** A job as the state machine sees it: keys and numbers only. `skip`: there is nothing to do. */
export interface Job extends Claim {
  task: string;
  statusKey: string;
  complexity: number;
  skip: boolean;
}

export async function courseJob(
  { input, store }: StageContext,
  stage: CourseStageName,
  work: { courseId: string; force: boolean; damaged: string[] },
  claim: Claim,
  complexity: number,
): Promise<Job> {
  const keys = courseKeys(work.courseId);
  const task: TaskDocument = { stage, inputUri: input.uri, storeUri: store.uri, input: work };
  await writeJson(store, keys.task(stage), task);
  const size = { ...claim, ...hostSize(claim) };
  return { ...size, task: `${store.uri}/${keys.task(stage)}`, statusKey: keys.status(stage), complexity, skip: false };
}

/** A stage that is left out. */
export function noJob(stage: CourseStageName, courseId: string): Job {
  const nothing = { cpus: 0, memoryMiB: 0, gpus: 0, timeoutSeconds: 0, task: '', complexity: 0 };
  return { ...nothing, statusKey: courseKeys(courseId).status(stage), skip: true };
}

/** Memory in MiB that goes with each number of CPUs on Fargate: least, most, step. */
const SIZES: Record<number, [least: number, most: number, step: number]> = {
  1: [2048, 8192, 1024],
  2: [4096, 16_384, 1024],
  4: [8192, 30_720, 1024],
  8: [16_384, 61_440, 4096],
  16: [32_768, 122_880, 8192],
};

/** The smallest legal size that holds the claim; jobs with a GPU take what is asked, their hosts have their own sizes. */
export function hostSize({
  cpus,
  memoryMiB,
  gpus,
}: Pick<Claim, 'cpus' | 'memoryMiB' | 'gpus'>): Pick<Claim, 'cpus' | 'memoryMiB'> {
  if (gpus > 0) return { cpus, memoryMiB: Math.ceil(memoryMiB) };
  const fits = Object.entries(SIZES).find(([count, [, most]]) => Number(count) >= cpus && most >= memoryMiB);
  const [count, [least, most, step]] = fits ?? ['16', SIZES[16]];
  return { cpus: Number(count), memoryMiB: Math.min(most, Math.max(least, Math.ceil(memoryMiB / step) * step)) };
}

const AGGREGATE_MIB = 4096;
/** The parts of a course with 17 structures and 1223 features take 0.8 MB: this holds one with a hundred. */
const AGGREGATE_MIB_PER_COURSE = 8;

/** Putting the tables together: one process, memory by the number of courses, up to what Fargate has for four CPUs. */
export async function aggregateJob(
  { input, store }: Pick<StageContext, 'input' | 'store'>,
  courses: number,
): Promise<Job> {
  const task: TaskDocument = { stage: 'aggregate', inputUri: input.uri, storeUri: store.uri, input: {} };
  await writeJson(store, runKeys.task('aggregate'), task);
  return {
    ...aggregateSize(courses),
    timeoutSeconds: 0,
    task: `${store.uri}/${runKeys.task('aggregate')}`,
    statusKey: runKeys.status('aggregate'),
    skip: false,
  };
}

/** What the job of a run with so many courses asks for. */
export function aggregateSize(courses: number): Pick<Job, 'cpus' | 'memoryMiB' | 'gpus' | 'complexity'> {
  const memoryMiB = Math.min(SIZES[4][1], AGGREGATE_MIB + AGGREGATE_MIB_PER_COURSE * courses);
  return { ...hostSize({ cpus: 2, memoryMiB, gpus: 0 }), gpus: 0, complexity: 0 };
}
