import { readJsonIfAny, readJsonLines } from '#lib/stages/json.ts';
import type { CourseEntry } from '#lib/stages/organize.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/result-tables.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** What a run has done so far for one course. */
export interface CourseProgress {
  courseId: string;
  displayName: string;
  stages: { stage: string; status: StageStatus['status'] | 'not run'; reason: string }[];
}

export type CourseVerdict = 'done' | 'failed' | 'open';

/** Reads the status files of a run; [] before organize has ended. */
export async function runStatus(store: ObjectStore): Promise<CourseProgress[]> {
  if (!(await store.head(runKeys.courses))) return [];
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  return Promise.all(
    entries.map(async ({ courseId, displayName }) => {
      const stages = COURSE_STAGE_NAMES.map(async (stage) => {
        const found = await readJsonIfAny<StageStatus>(store, courseKeys(courseId).status(stage));
        return { stage, status: found?.status ?? ('not run' as const), reason: found?.reason ?? '' };
      });
      return { courseId, displayName, stages: await Promise.all(stages) };
    }),
  );
}

export function verdictOf(course: CourseProgress): CourseVerdict {
  if (course.stages.some(({ status }) => status === 'failed')) return 'failed';
  return course.stages.some(({ status }) => status === 'not run') ? 'open' : 'done';
}
