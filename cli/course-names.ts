import { readJsonIfAny } from '#lib/course-store/json.ts';
import { mapConcurrently } from '#lib/pool/concurrent.ts';
import type { Course } from '#lib/rt/course.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** Who and what a course is, for a person at the screen: never for keys, logs and files. */
export interface CourseName {
  /** PatientID as the tables have it: a pseudonym where they do. */
  patient: string;
  /** Labels of the plans. */
  plan: string;
}

const WIDTH = 16;

/** Reads the names of these courses; those that are not written yet have none. */
export async function courseNames(store: ObjectStore, courseIds: string[]): Promise<Map<string, CourseName>> {
  const names = await mapConcurrently(courseIds, WIDTH, async (courseId) => {
    const course = await readJsonIfAny<Course>(store, courseKeys(courseId).course);
    return course && ([courseId, nameOf(course)] as const);
  });
  return new Map(names.filter((one) => one !== undefined));
}

export function nameOf({ patient, plans }: Course): CourseName {
  return { patient: patient.id, plan: [...new Set(plans.map(({ plan }) => plan.label).filter(Boolean))].join(', ') };
}

/** `RTP-003 2023-06 Prostate` */
export function onScreen(name: CourseName | undefined, displayName: string): string {
  return [name?.patient, displayName, name?.plan].filter(Boolean).join(' ');
}
