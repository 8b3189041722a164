import type { StageContext } from '#lib/course-store/context.ts';
import { readJson } from '#lib/course-store/json.ts';
import type { Course } from '#lib/rt/course.ts';
import { sizeJobs } from '#lib/stages/size-jobs.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { CourseSize } from './durations.ts';
import type { CourseJobs } from './range.ts';

/** The jobs that a run starts for a course, sized as the run sizes them. */
export async function sizedCourse(courseId: string, force: boolean, context: StageContext): Promise<CourseJobs> {
  const course = await readJson<Course>(context.store, courseKeys(courseId).course);
  const { jobs } = await sizeJobs.run({ courseId, force }, context);
  const wanted = COURSE_STAGE_NAMES.map((name) => [name, jobs[name]] as const).filter(([, { skip }]) => !skip);
  return { size: sizeOf(course), jobs: Object.fromEntries(wanted) };
}

function sizeOf(course: Course): CourseSize {
  return {
    slices: course.images.reduce((sum, image) => sum + image.instances.length, 0),
    rois: course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0),
  };
}
