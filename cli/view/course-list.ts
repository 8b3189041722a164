import { readJsonIfAny } from '#lib/course-store/json.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { Course } from '#lib/rt/course.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { ListedCourse } from '#lib/viewer/scene.ts';
import { nameOf } from '../course-names.ts';
import { runStatus, verdictOf } from '../run-status.ts';
import type { ViewedRun } from './viewed-run.ts';

const WIDTH = 16;

/** Every course of the run, also those of which nothing can be shown. */
export async function listCourses({ store }: ViewedRun): Promise<ListedCourse[]> {
  return mapConcurrently(await runStatus(store), WIDTH, async (progress) => {
    const { courseId, displayName } = progress;
    const course = await readJsonIfAny<Course>(store, courseKeys(courseId).course);
    return {
      courseId,
      name: displayName,
      state: verdictOf(progress),
      ...(course ? nameOf(course) : { patient: '', plan: '' }),
      images: course?.images.map(({ modality }) => modality) ?? [],
      structures: course?.structureSets.reduce((sum, { header }) => sum + header.rois.length, 0) ?? 0,
      doses: course?.doses.length ?? 0,
    };
  });
}
