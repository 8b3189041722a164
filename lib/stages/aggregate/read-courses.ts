import type { Config } from '../../config.ts';
import { readJson } from '../../course-store/json.ts';
import { describeError, StoreMissing } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { mapConcurrently } from '../../pool/concurrent.ts';
import { readMachine } from '../../pool/machine.ts';
import { withTimeLimit } from '../../pool/time-limit.ts';
import type { Course } from '../../rt/course.ts';
import { courseKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { COURSE_STAGES } from '../course-stages.ts';
import type { CourseEntry } from '../organize/course-entry.ts';
import { valuesKey } from '../robustness/robustness.ts';
import { damagedOutputs, readStatus, standingStatus } from '../standing.ts';
import type { StageStatus } from '../status.ts';
import type { CourseTable } from './course-tables.ts';
import type { ReportedStatus } from './status-rows.ts';

/** What stands of every course, and the courses of which no whole files are left. */
export async function readCourses(
  store: ObjectStore,
  entries: CourseEntry[],
  heads: CourseTable[],
  config: Config,
): Promise<{ courses: CourseResults[]; damaged: DamagedCourse[] }> {
  const read = await mapConcurrently(entries, readsAtOnce(config, readMachine().cores), (entry) =>
    readCourse(store, entry, heads, config).catch(damagedCourse(entry)),
  );
  return { courses: read.filter((one) => 'parts' in one), damaged: read.filter((one) => 'finding' in one) };
}

/** Files under way together: they wait for the store, one CPU does for all of them. */
export function readsAtOnce({ aggregation, max_workers }: Config, cores: number): number {
  return Math.min(
    aggregation.threads === 'auto' ? cores : aggregation.threads,
    max_workers ?? Number.POSITIVE_INFINITY,
  );
}

/** The store, giving up on a file after so many seconds. */
export function impatient(store: ObjectStore, seconds: number): ObjectStore {
  return { ...store, get: (key) => withTimeLimit(store.get(key), seconds, key) };
}

export interface CourseResults {
  courseId: string;
  course: Course;
  statuses: Map<string, ReportedStatus>;
  /** Tables of which the course has rows that stand. */
  parts: Set<string>;
}

export interface DamagedCourse {
  courseId: string;
  finding: Finding;
}

/** Half a file of one course is the loss of that course. A store that gives no answer is another matter. */
function damagedCourse({ courseId }: CourseEntry) {
  return (error: unknown): DamagedCourse => {
    const isOfContent = error instanceof SyntaxError || error instanceof TypeError || error instanceof StoreMissing;
    if (!isOfContent) throw error;
    return { courseId, finding: finding('COURSE_DAMAGED', courseId, describeError(error)) };
  };
}

/**
 * A table part is used only if its stage succeeded, its input and configuration are unchanged since, and the last run wrote
 * it.
 */
async function readCourse(
  store: ObjectStore,
  { courseId }: CourseEntry,
  heads: CourseTable[],
  config: Config,
): Promise<CourseResults> {
  const keys = courseKeys(courseId);
  const course = await readJson<Course>(store, keys.course);
  const statuses = new Map<string, ReportedStatus>();
  const standing = new Map<string, StageStatus>();
  const taken = new Set([valuesKey(courseId), ...heads.map(({ name, stage }) => keys.part(stage, name))]);
  for (const stage of COURSE_STAGES) {
    const status = await readStatus(store, courseId, stage.name);
    if (status) statuses.set(stage.name, status);
    const current = await standingStatus(stage, course, config, store);
    const damaged = await damagedOutputs(current?.outputs.filter(({ key }) => taken.has(key)) ?? [], store);
    if (damaged.length > 0 && status) statuses.set(stage.name, notTaken(status, DAMAGED));
    else if (current) standing.set(stage.name, current);
    else if (status && status.status !== 'failed') statuses.set(stage.name, notTaken(status, OUT_OF_DATE));
  }
  const stands = ({ name, stage }: CourseTable) =>
    standing.get(stage)?.outputs.some(({ key }) => key === keys.part(stage, name)) ?? false;
  return { courseId, course, statuses, parts: new Set(heads.filter(stands).map(({ name }) => name)) };
}

/** Courses whose features were computed under perturbations, with a result that stands. */
export function perturbedCourses(courses: CourseResults[]): string[] {
  return courses.filter(({ statuses }) => hasResults(statuses.get('robustness'))).map(({ courseId }) => courseId);
}

export function hasResults(status: ReportedStatus | undefined): boolean {
  return status?.status === 'ok' || status?.status === 'partial';
}

const OUT_OF_DATE = 'out of date: its input or the configuration has changed since';
const DAMAGED = 'damaged: its table has changed since it was written; run again to compute it again';

function notTaken(status: StageStatus, reason: string): ReportedStatus {
  return { ...status, status: 'not_run', reason };
}
