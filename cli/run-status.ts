import { readJsonLines } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { readRequest } from '#lib/stages/request.ts';
import { readStatus } from '#lib/stages/standing.ts';
import type { StageStatus } from '#lib/stages/status.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** What a run has done so far for one course. */
export interface CourseProgress {
  courseId: string;
  displayName: string;
  stages: { stage: string; status: StageStatus['status'] | 'not run'; reason: string }[];
}

export type CourseVerdict = 'done' | 'partial' | 'failed' | 'open';

/** @throws BadInput where no run has begun */
export async function requireRun(store: ObjectStore, where: string): Promise<void> {
  if (!(await store.head(runKeys.config))) throw noRun(where);
}

export function noRun(where: string): BadInput {
  return new BadInput('no run found in this folder. Name the --out folder of `rtpipeline run`', { where });
}

/** Reads the status files of a run, of the stages that were asked for; [] before organize has ended. */
export async function runStatus(store: ObjectStore): Promise<CourseProgress[]> {
  if (!(await store.head(runKeys.courses))) return [];
  const { stages: asked } = await readRequest(store);
  const wanted = COURSE_STAGE_NAMES.filter((stage) => asked.length === 0 || asked.includes(stage));
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  return Promise.all(
    entries.map(async ({ courseId, displayName }) => {
      const stages = wanted.map(async (stage) => {
        const found = await readStatus(store, courseId, stage);
        return { stage, status: found?.status ?? ('not run' as const), reason: found?.reason ?? '' };
      });
      return { courseId, displayName, stages: await Promise.all(stages) };
    }),
  );
}

/** `open`: some stage has not run; after the end of a run that is a failure too. `partial`: some results are missing. */
export function verdictOf(course: CourseProgress): CourseVerdict {
  if (course.stages.some(({ status }) => status === 'failed')) return 'failed';
  if (course.stages.some(({ status }) => status === 'not run')) return 'open';
  return course.stages.some(({ status }) => status === 'partial') ? 'partial' : 'done';
}
