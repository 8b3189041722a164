import { secondsOf } from '#statemachine/estimate/durations.ts';
import { CAPACITIES, type Capacity, VCPUS_OF_HOST } from '#statemachine/estimate/simulation/capacity.ts';
import type { CourseWork, SizedWork, Upload } from '#statemachine/estimate/simulation/functions.ts';
import { dollarsOf, type Simulated, simulate } from '#statemachine/estimate/simulation/simulate.ts';

/** The course of docs/scale.md: a CT of 200 slices, 30 ROIs drawn and found, the default stages. */
export const USUAL = { slices: 200, rois: 30 };
const SEED = 1;

/** Job sizes as SizeJobs gives them for a CT of 512 x 512 x 200. */
export const USUAL_COURSE: CourseWork = {
  segmentation: work('segmentation', 8, 16_288, 1),
  structures: work('structures', 2, 4096, 0),
  dvh: work('dvh', 2, 4096, 0),
  radiomics: work('radiomics', 4, 8192, 0),
  qc: work('qc', 2, 4096, 0),
};

function work(stage: Parameters<typeof secondsOf>[0], cpus: number, memoryMiB: number, gpus: number): SizedWork {
  return { cpus, memoryMiB, gpus, complexity: USUAL.slices, seconds: secondsOf(stage, USUAL, gpus > 0) };
}

export function usualUpload(courses: number, atSeconds = 0): Upload {
  return {
    atSeconds,
    courses: Array.from({ length: courses }, () => USUAL_COURSE),
    aggregate: { cpus: 2, memoryMiB: 4096, gpus: 0, complexity: 0, seconds: 20 },
    times: { catalog: 2 + courses * 0.4, organize: 2 + courses * 0.01, sizeJobs: 2, report: 2 + courses * 0.04 },
  };
}

/** The likely deployment with so many GPUs in all, half of them spot. */
export function withGpus(gpus: number, courseConcurrency: number): Capacity {
  const spot = Math.ceil(gpus / 2) * VCPUS_OF_HOST.gpu;
  const onDemand = Math.floor(gpus / 2) * VCPUS_OF_HOST.gpu;
  const likely = CAPACITIES.likely;
  return { ...likely, courseConcurrency, vcpus: { ...likely.vcpus, gpu: { spot, onDemand } } };
}

export interface Steady {
  coursesPerHour: number;
  dollarsPerCourse: number;
  lostPerThousand: number;
  whole: Simulated;
}

/** What each course adds to a long run: the difference of two runs, of which the longer has twice the courses. */
export async function steadyState(capacity: Capacity, courses: number): Promise<Steady> {
  const half = await simulate([usualUpload(courses)], capacity, SEED);
  const whole = await simulate([usualUpload(2 * courses)], capacity, SEED);
  const lost = (run: Simulated) => run.bills.reduce((sum, { bill }) => sum + bill.lost, 0);
  return {
    coursesPerHour: (3600 * courses) / (whole.seconds - half.seconds),
    dollarsPerCourse: (dollarsOf(whole) - dollarsOf(half)) / courses,
    lostPerThousand: (1000 * (lost(whole) - lost(half))) / courses,
    whole,
  };
}

/** Courses of each half: several for each GPU, so that what happens at the beginning and end is small beside them. */
export function coursesFor(gpus: number): number {
  return Math.max(24, 4 * gpus);
}
