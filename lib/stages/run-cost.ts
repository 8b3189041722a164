import { hourlyPrice, PRICES } from '../aws/prices.ts';
import type { Config } from '../config.ts';
import type { ReportFact } from '../report/input.ts';
import type { Course } from '../rt/course.ts';
import type { Row } from '../tables/table.ts';
import { S_PER_H } from '../units.ts';
import { COURSE_STAGES } from './course-stages.ts';
import { hostKindOf } from './left-out.ts';
import type { CourseStageName } from './table.ts';
import { type Claim, hostSize } from './task.ts';

/** What the jobs of a run held while they were at work. */
export interface RunCost {
  cpuHours: number;
  gpuHours: number;
  /** US dollars on AWS by the list prices, if every job ran on such capacity. */
  spot: number;
  onDemand: number;
}

export const NO_COST: RunCost = { cpuHours: 0, gpuHours: 0, spot: 0, onDemand: 0 };

/**
 * What the jobs of a course held, as its stages claim today.
 * @param timings rows of the course in the table `timings`
 */
export function costOfCourse(course: Course, config: Config, timings: Row[]): RunCost {
  const costs = timings.map(({ stage: name, seconds }) => {
    const stage = COURSE_STAGES.find((one) => one.name === name);
    const claim = stage?.claim(course, config);
    return !stage || !claim || 'skip' in claim ? NO_COST : costOfJob(stage.name, claim, Number(seconds ?? 0));
  });
  return costs.reduce(together, NO_COST);
}

/** The seconds of a job by what it claims, and by the price of the host on which it fits. */
export function costOfJob(stage: CourseStageName, claim: Claim, seconds: number): RunCost {
  const hours = seconds / S_PER_H;
  const { cpus, memoryMiB } = hostSize(claim);
  const kind = hostKindOf(stage, claim.gpus > 0);
  const price = (market: 'spot' | 'on demand') => hours * hourlyPrice(kind, market, cpus, memoryMiB);
  return {
    cpuHours: hours * claim.cpus,
    gpuHours: hours * claim.gpus,
    spot: price('spot'),
    onDemand: price('on demand'),
  };
}

export function together(a: RunCost, b: RunCost): RunCost {
  return {
    cpuHours: a.cpuHours + b.cpuHours,
    gpuHours: a.gpuHours + b.gpuHours,
    spot: a.spot + b.spot,
    onDemand: a.onDemand + b.onDemand,
  };
}

/**
 * Cost in words, of a run on AWS. On one machine jobs are lent CPUs as they become free, and a job that asks for a GPU runs
 * without one if there is none: what they held is not what they claim.
 */
export function costFacts({ cpuHours, gpuHours, spot, onDemand }: RunCost): ReportFact[] {
  const value = `$${spot.toFixed(2)} on Spot capacity, $${onDemand.toFixed(2)} on demand`;
  const basis = `list prices of ${PRICES.date} in ${PRICES.region}; without failed attempts, storage and requests`;
  return [
    { label: 'CPU hours that jobs held', value: cpuHours.toFixed(2) },
    ...(gpuHours > 0 ? [{ label: 'GPU hours that jobs held', value: gpuHours.toFixed(2) }] : []),
    { label: 'Estimated cost of these jobs', value: `${value} (${basis})` },
  ];
}
