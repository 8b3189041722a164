import type { z } from 'zod';
import { parseConfig } from '../config.ts';
import { readJson } from '../course-store/json.ts';
import type { Course } from '../rt/course.ts';
import { courseKeys, runKeys } from '../store/keys.ts';
import { type CourseInput, courseInput, currentStatus, recordSkip } from './course-stage.ts';
import { COURSE_STAGES } from './course-stages.ts';
import { readRequest } from './request.ts';
import type { Stage } from './stage.ts';
import { COURSE_STAGE_NAMES, type CourseStageName, STAGES } from './table.ts';
import { courseJob, type Job, noJob } from './task.ts';

/** Sizes the jobs of a course and writes a task document for each; leaves out what is done, disabled or not asked for. */
export const plan: Stage<CourseInput, { courseId: string; jobs: Record<CourseStageName, Job> }> = {
  name: 'plan',
  input: courseInput as z.ZodType<CourseInput>,
  async run({ courseId, force }, context) {
    const config = parseConfig(await readJson(context.store, runKeys.config));
    const request = await readRequest(context.store);
    const course = await readJson<Course>(context.store, courseKeys(courseId).course);
    const jobs = leftOut(courseId);
    const again = new Set<CourseStageName>();
    for (const stage of COURSE_STAGES) {
      if (request.stages.length > 0 && !request.stages.includes(stage.name)) continue;
      const claim = stage.claim(course, config);
      if ('skip' in claim) {
        await recordSkip(stage, courseId, config, claim.skip, context);
        continue;
      }
      const isForced = force || (stage.isForced?.(config) ?? false);
      const isStale = isForced || STAGES[stage.name].after.some((name) => again.has(name));
      if (!isStale && (await currentStatus(stage, courseId, config, context.store))) continue;
      again.add(stage.name);
      jobs[stage.name] = await courseJob(context, stage.name, courseId, claim, isForced, complexityOf(course));
    }
    return { courseId, jobs };
  },
};

function leftOut(courseId: string): Record<CourseStageName, Job> {
  const none = COURSE_STAGE_NAMES.map((name) => [name, noJob(name, courseId)]);
  return Object.fromEntries(none) as Record<CourseStageName, Job>;
}

function complexityOf(course: Course): number {
  return course.images.reduce((sum, image) => sum + image.instances.length, 0);
}
