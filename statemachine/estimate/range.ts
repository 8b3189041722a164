import { diskHour } from '#lib/aws/prices.ts';
import type { CourseStageName } from '#lib/stages/table.ts';
import type { Job } from '#lib/stages/task.ts';
import type { MachineTexts } from '#statemachine/local/machines.ts';
import { type Case, type CourseSize, FUNCTION_SECONDS, SPREAD, secondsOf } from './durations.ts';
import { CAPACITIES } from './simulation/capacity.ts';
import type { CourseWork, SizedWork, Upload } from './simulation/functions.ts';
import { dollarsOf, type Simulated, simulate } from './simulation/simulate.ts';

/** What a whole run is likely to take, with hosts that boot, pull images, wait for jobs and are taken back. */
export interface RunEstimate {
  /** From the upload to the report. */
  hours: number;
  /** Of hosts with their disks and of Fargate tasks, in the market in which they ran. */
  dollars: number;
  /** Of that, hosts with GPUs. */
  gpuHours: number;
  lostHosts: number;
}

export interface CourseJobs {
  size: CourseSize;
  jobs: Partial<Record<CourseStageName, Job>>;
}

export interface RunSize {
  files: number;
  courses: CourseJobs[];
  aggregate: Pick<Job, 'cpus' | 'memoryMiB' | 'gpus' | 'complexity'>;
}

/** Courses that are simulated one by one; of a larger run so many, and what each further one adds. */
const MOST = 160;
const SEED = 1;

/** Three simulations of the run: everything short and no harm, as expected, everything long. */
export async function rangeOf(run: RunSize): Promise<Record<Case, RunEstimate>> {
  return {
    low: await estimateCase(run, 'low'),
    likely: await estimateCase(run, 'likely'),
    high: await estimateCase(run, 'high'),
  };
}

/** @param texts of the state machines, default: from their files */
export async function estimateCase(run: RunSize, name: Case, texts?: MachineTexts): Promise<RunEstimate> {
  const simulated = (most: number) =>
    simulate([uploadOf(run, name, most)], CAPACITIES[name], SEED, texts).then(estimateOf);
  const whole = await simulated(MOST);
  if (run.courses.length <= MOST) return whole;
  const half = await simulated(MOST / 2);
  return linear(half, whole, (run.courses.length - MOST) / (MOST / 2));
}

/** Each further course adds what each of the second half added to the first. */
function linear(half: RunEstimate, whole: RunEstimate, steps: number): RunEstimate {
  const grow = (key: keyof RunEstimate) => whole[key] + steps * (whole[key] - half[key]);
  return { hours: grow('hours'), dollars: grow('dollars'), gpuHours: grow('gpuHours'), lostHosts: grow('lostHosts') };
}

function estimateOf(simulated: Simulated): RunEstimate {
  const gpu = simulated.bills.filter(({ kind }) => kind === 'gpu' || kind === 'largeGpu');
  const onHosts = simulated.bills.filter(({ kind }) => kind !== 'cpu');
  const diskHours = onHosts.reduce((sum, { bill }) => sum + bill.hours, 0);
  return {
    hours: simulated.seconds / 3600,
    dollars: dollarsOf(simulated) + diskHours * diskHour(),
    gpuHours: gpu.reduce((sum, { bill }) => sum + bill.hours, 0),
    lostHosts: simulated.bills.reduce((sum, { bill }) => sum + bill.lost, 0),
  };
}

/** The run, or `most` courses of it evenly chosen by size, with the functions of the whole. */
function uploadOf({ files, courses, aggregate }: RunSize, name: Case, most: number): Upload {
  const spread = SPREAD[name];
  const bySize = [...courses].sort((a, b) => a.size.slices - b.size.slices);
  const step = Math.max(1, courses.length / most);
  const chosen = Array.from({ length: Math.min(most, courses.length) }, (_, i) => bySize[Math.floor(i * step)]);
  const { start, perHeader, perRow, sizeJobs, perCourseReport } = FUNCTION_SECONDS;
  return {
    atSeconds: 0,
    courses: chosen.map((course) => workOf(course, spread)),
    aggregate: sizedWork(aggregate, spread * secondsOf('aggregate', { slices: 0, rois: 0 }, false)),
    times: {
      catalog: start + spread * files * perHeader,
      organize: start + spread * files * perRow,
      sizeJobs,
      report: start + spread * courses.length * perCourseReport,
    },
  };
}

function workOf({ size, jobs }: CourseJobs, spread: number): CourseWork {
  return Object.fromEntries(
    (Object.entries(jobs) as [CourseStageName, Job][]).map(([stage, job]) => [
      stage,
      sizedWork(job, spread * secondsOf(stage, size, job.gpus > 0)),
    ]),
  );
}

function sizedWork({ cpus, memoryMiB, gpus, complexity }: RunSize['aggregate'], seconds: number): SizedWork {
  return { cpus, memoryMiB, gpus, complexity, seconds };
}
