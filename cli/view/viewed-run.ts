import { readJson, readJsonIfAny } from '#lib/course-store/json.ts';
import type { UploadPlace } from '#lib/course-store/upload.ts';
import { BadInput } from '#lib/errors.ts';
import type { Course } from '#lib/rt/course.ts';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { taskSchema } from '#lib/stages/task.ts';
import { courseKeys } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** A run as the viewer reads it: nothing is written. */
export interface ViewedRun {
  store: ObjectStore;
  /** The upload of a course: where the run found it, unless a person names another place. */
  uploadOf(courseId: string): Promise<UploadPlace>;
}

/** @param input where the upload lies now, when it is no longer where the run found it */
export function viewedRun(store: ObjectStore, input?: ObjectStore): ViewedRun {
  return {
    store,
    uploadOf: async (courseId) => ({ store, input: input ?? (await openStore(await inputUriOf(store, courseId))) }),
  };
}

export async function readCourse({ store }: ViewedRun, courseId: string): Promise<Course> {
  return readJson(store, courseKeys(courseId).course);
}

/** The tasks of a course say where its stages read. */
async function inputUriOf(store: ObjectStore, courseId: string): Promise<string> {
  for (const stage of COURSE_STAGE_NAMES) {
    const task = taskSchema.safeParse(await readJsonIfAny(store, courseKeys(courseId).task(stage)));
    if (task.success) return task.data.inputUri;
  }
  throw new BadInput('the run does not say where the DICOM files are. Name their folder with --input');
}
