import { seededRandom } from '#lib/random.ts';
import { CAPACITIES, type Capacity, lossPerHour } from '#statemachine/estimate/simulation/capacity.ts';
import { dollarsOf, type Simulated, simulate } from '#statemachine/estimate/simulation/simulate.ts';
import { coursesFor, steadyState, USUAL_COURSE, usualUpload, withGpus } from './scenario.ts';

export interface GpuRow {
  gpus: number;
  courseConcurrency: number;
  coursesPerHour: number;
  dollarsPerCourse: number;
  /** For 10,000 and for 1,000,000 courses. */
  days: [number, number];
}

export interface LossRow {
  perHour: number;
  coursesPerHour: number;
  dollarsPerCourse: number;
  lostPerThousand: number;
}

export interface ArrivalRow {
  perHour: number;
  busy: number;
  meanMinutes: number;
  mostMinutes: number;
  dollarsPerCourse: number;
}

export interface Sweeps {
  gpus: GpuRow[];
  losses: LossRow[];
  arrivals: ArrivalRow[];
  /** The default deployment, for the limits. */
  steady: { whole: Simulated; courses: number; perHour: number };
}

const GPUS = [1, 2, 4, 8, 16, 32, 64];
const CONCURRENCIES = [40, 100, 400];
const LOSSES = [0, lossPerHour(0.05), lossPerHour(0.25), 0.05, 0.5];
const ARRIVALS = [1, 10, 40, 80];
const ARRIVING_GPUS = 4;
const ARRIVING_UPLOADS = 80;

export async function sweeps(): Promise<Sweeps> {
  const gpus: GpuRow[] = [];
  for (const courseConcurrency of CONCURRENCIES)
    for (const count of GPUS) gpus.push(await gpuSweep(count, courseConcurrency));
  const losses: LossRow[] = [];
  for (const perHour of LOSSES) losses.push(await lossSweep(perHour));
  const arrivals: ArrivalRow[] = [];
  for (const perHour of ARRIVALS) arrivals.push(await arrivalSweep(perHour));
  const courses = coursesFor(16);
  const { whole, coursesPerHour } = await steadyState(CAPACITIES.likely, courses);
  return { gpus, losses, arrivals, steady: { whole, courses: 2 * courses, perHour: coursesPerHour } };
}

export async function gpuSweep(gpus: number, courseConcurrency: number): Promise<GpuRow> {
  const { coursesPerHour, dollarsPerCourse } = await steadyState(withGpus(gpus, courseConcurrency), coursesFor(gpus));
  const days = (courses: number) => courses / coursesPerHour / 24;
  return { gpus, courseConcurrency, coursesPerHour, dollarsPerCourse, days: [days(1e4), days(1e6)] };
}

async function lossSweep(spotLossPerHour: number): Promise<LossRow> {
  const capacity: Capacity = { ...withGpus(8, 80), spotLossPerHour };
  const { coursesPerHour, dollarsPerCourse, lostPerThousand } = await steadyState(capacity, 100);
  return { perHour: spotLossPerHour, coursesPerHour, dollarsPerCourse, lostPerThousand };
}

async function arrivalSweep(perHour: number): Promise<ArrivalRow> {
  const random = seededRandom(7);
  let at = 0;
  const uploads = Array.from({ length: ARRIVING_UPLOADS }, () => {
    at += (-Math.log(1 - random()) * 3600) / perHour;
    return usualUpload(1, at);
  });
  const ran = await simulate(uploads, withGpus(ARRIVING_GPUS, 40), 1);
  const minutes = ran.runSeconds.map((seconds) => seconds / 60);
  const working = ARRIVING_UPLOADS * (USUAL_COURSE.segmentation?.seconds ?? 0);
  return {
    perHour,
    busy: working / (ARRIVING_GPUS * ran.seconds),
    meanMinutes: minutes.reduce((sum, value) => sum + value, 0) / minutes.length,
    mostMinutes: Math.max(...minutes),
    dollarsPerCourse: dollarsOf(ran) / ARRIVING_UPLOADS,
  };
}
