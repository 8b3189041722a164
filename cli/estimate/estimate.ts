import { HOURS_PER_MONTH, type HostKind, hourlyPrice, PRICES } from '#lib/aws/prices.ts';
import type { Config } from '#lib/config.ts';
import { readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { hostKindOf } from '#lib/stages/left-out.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { type CourseStageName, JOB_STAGE_NAMES, type JobStageName } from '#lib/stages/table.ts';
import type { Job } from '#lib/stages/task.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { S_PER_H } from '#lib/units.ts';
import { type Case, type CourseSize, secondsOf } from '#statemachine/estimate/durations.ts';
import { orchestrationDollars } from '#statemachine/estimate/orchestration.ts';
import { type CourseJobs, type RunEstimate, rangeOf } from '#statemachine/estimate/range.ts';
import { sizedCourse } from '#statemachine/estimate/sized-course.ts';
import { withPassingSecret } from '../pseudonym-key.ts';

export interface StageEstimate {
  stage: JobStageName;
  hosts: HostKind;
  jobs: number;
  hours: number;
  /** US dollars, if every job runs there. */
  spot: number;
  onDemand: number;
}

export interface Estimate {
  courses: number;
  bytes: number;
  /** What the jobs alone take. */
  stages: StageEstimate[];
  /** What the run takes on a deployment with default settings, hosts and waiting included. */
  run: Record<Case, RunEstimate>;
  /** Step Functions, functions and requests of S3. */
  orchestration: number;
  /** A month of the upload in S3 Standard. */
  storageMonth: number;
  /** Of a deployment with the default network, whether runs are many or none, and its metrics in a month with runs. */
  idleMonth: { endpoints: number; metrics: number };
}

/** Of the default network: six endpoints in one zone. Metrics of the dashboard. */
const IDLE = { endpoints: 6, metrics: 65 };

/** What a run on AWS would take: reads the headers, sizes the jobs as the run would, writes nothing. */
export async function estimateRun(input: ObjectStore, config: Config): Promise<Estimate> {
  const store = memoryStore();
  await writeJson(store, runKeys.config, withPassingSecret(config));
  const signal = new AbortController().signal;
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  const { files, bytes } = await measured(input);
  await catalog.run({ force: false }, context);
  const { aggregate } = await organize.run({ force: false }, context);
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const jobs: [stage: JobStageName, job: Job, size: CourseSize][] = [['aggregate', aggregate, { slices: 0, rois: 0 }]];
  const courses: CourseJobs[] = [];
  for (const { courseId } of entries) {
    const course = await sizedCourse(courseId, true, context);
    const wanted = Object.entries(course.jobs) as [CourseStageName, Job][];
    jobs.push(...wanted.map(([stage, job]): (typeof jobs)[number] => [stage, job, course.size]));
    courses.push(course);
  }
  return {
    courses: entries.length,
    bytes,
    stages: JOB_STAGE_NAMES.flatMap((stage) =>
      estimateOf(
        stage,
        jobs.filter(([name]) => name === stage),
      ),
    ),
    run: await rangeOf({ files, courses, aggregate }),
    orchestration: orchestrationDollars(entries.length, files),
    storageMonth: (bytes / 1e9) * PRICES.storage.gbMonth,
    idleMonth: {
      endpoints: IDLE.endpoints * PRICES.endpointHour * HOURS_PER_MONTH,
      metrics: IDLE.metrics * PRICES.metricMonth,
    },
  };
}

function estimateOf(stage: JobStageName, jobs: [JobStageName, Job, CourseSize][]): StageEstimate[] {
  if (jobs.length === 0) return [];
  const hosts = hostKindOf(stage, jobs[0][1].gpus > 0);
  const sum = (value: (hours: number, job: Job) => number) =>
    jobs.reduce((total, [, job, size]) => total + value(secondsOf(stage, size, job.gpus > 0) / S_PER_H, job), 0);
  const cost = (market: 'spot' | 'on demand') =>
    sum((hours, { cpus, memoryMiB }) => hours * hourlyPrice(hosts, market, cpus, memoryMiB));
  return [
    { stage, hosts, jobs: jobs.length, hours: sum((hours) => hours), spot: cost('spot'), onDemand: cost('on demand') },
  ];
}

async function measured(input: ObjectStore): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for await (const object of input.list('')) {
    files += 1;
    bytes += object.bytes;
  }
  return { files, bytes };
}
