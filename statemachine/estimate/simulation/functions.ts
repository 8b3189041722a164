import { COURSE_STAGE_NAMES, type CourseStageName } from '#lib/stages/table.ts';
import type { Claim, Job } from '#lib/stages/task.ts';
import type { Clock } from '#statemachine/engine/clock.ts';
import { Failure } from '#statemachine/engine/failure.ts';
import type { Integration } from '#statemachine/engine/integration.ts';
import type { Json, JsonObject } from '#statemachine/engine/json.ts';

/** A job of a stage with the seconds that it works once its program runs. */
export type SizedWork = Pick<Claim, 'cpus' | 'memoryMiB' | 'gpus'> & { seconds: number; complexity: number };

/** What a course asks of the cloud: a stage that is not there is skipped. */
export type CourseWork = Partial<Record<CourseStageName, SizedWork>>;

/** Seconds that the functions of a run take. */
export interface FunctionTimes {
  catalog: number;
  organize: number;
  sizeJobs: number;
  report: number;
}

/** A complete upload that arrives at a time: a separate run. Its courses are named by their place in the list. */
export interface Upload {
  atSeconds: number;
  courses: CourseWork[];
  aggregate: SizedWork;
  times: FunctionTimes;
}

export interface FunctionCounts {
  calls: number;
  throttled: number;
  mostAtOnce: number;
}

export const COURSES_KEY = 'run/courses.jsonl';

/** Executions of functions at once in an account: Lambda developer guide, "Lambda quotas". A new account has ten. */
export const FUNCTIONS_AT_ONCE = 1000;

/** `lambda:invoke` of an account: functions take their time and answer as the stages do. */
export function simulatedFunctions(clock: Clock, concurrency = FUNCTIONS_AT_ONCE) {
  const counts: FunctionCounts = { calls: 0, throttled: 0, mostAtOnce: 0 };
  let running = 0;
  const invokeFor = (upload: Upload, storeUri: string): Integration => {
    return async ({ Payload }, { signal }) => {
      if (running >= concurrency) {
        counts.throttled += 1;
        throw new Failure('Lambda.TooManyRequestsException', 'Rate Exceeded.');
      }
      running += 1;
      counts.calls += 1;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, running);
      const { stage, input } = Payload as { stage: string; input: JsonObject };
      const { seconds, answer } = answerOf(stage, String(input.courseId), upload, storeUri);
      await clock.sleep(1000 * seconds, signal);
      running -= 1;
      return { StatusCode: 200, Payload: answer };
    };
  };
  return { invokeFor, counts };
}

function answerOf(stage: string, course: string, upload: Upload, storeUri: string): { seconds: number; answer: Json } {
  const { times, courses, aggregate } = upload;
  switch (stage) {
    case 'catalog':
      return { seconds: times.catalog, answer: { complete: true } };
    case 'organize': {
      const answer = { coursesKey: COURSES_KEY, aggregate: jobOf(`${storeUri}/run/aggregate`, aggregate) };
      return { seconds: times.organize, answer };
    }
    case 'size_jobs': {
      const work = courses[Number(course)];
      const jobs = COURSE_STAGE_NAMES.map(
        (name) => [name, jobOf(`${storeUri}/${course}/${name}`, work[name])] as const,
      );
      return { seconds: times.sizeJobs, answer: { jobs: Object.fromEntries(jobs) } };
    }
    case 'report':
      return { seconds: times.report, answer: {} };
    default:
      throw new Failure('Lambda.ResourceNotFoundException', `no function stands behind the stage ${stage}`);
  }
}

/** Seconds of the job behind `s3://<bucket>/<upload>/<course>/<stage>` or `s3://<bucket>/<upload>/run/aggregate`. */
export function secondsOfTask(task: string, uploads: Upload[]): number {
  const [upload, course, stage] = task.split('/').slice(-3);
  const { courses, aggregate } = uploads[Number(upload)];
  return course === 'run' ? aggregate.seconds : (courses[Number(course)][stage as CourseStageName]?.seconds ?? 0);
}

function jobOf(task: string, work: SizedWork | undefined): JsonObject {
  const { cpus, memoryMiB, gpus, complexity } = work ?? { cpus: 0, memoryMiB: 0, gpus: 0, complexity: 0 };
  const skip = work === undefined;
  const job: Job = { task, statusKey: task, cpus, memoryMiB, gpus, complexity, timeoutSeconds: 0, skip };
  return { ...job };
}
