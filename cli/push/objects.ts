import { writtenDoses } from '#lib/course-store/dose.ts';
import { readJson, readJsonIfAny, readJsonLines } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import type { Course } from '#lib/rt/course.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import type { StructureObject } from '#lib/stages/structures/objects.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { courseReport } from '../export/structured-report.ts';

/** RTDOSE: the sums that a run has made. SR: a report of DVH and features, made when it is pushed. */
export const KINDS = ['RTSTRUCT', 'SEG', 'RTDOSE', 'SR'] as const;

export function isKind(text: string): text is (typeof KINDS)[number] {
  return (KINDS as readonly string[]).includes(text);
}

export interface PushedObject {
  /** Says which it is, to a person. */
  name: string;
  file: Uint8Array;
}

/** The courses that were asked for; all when none was. @throws BadInput for one that the run does not have */
export async function coursesOf(store: ObjectStore, wanted: string[]): Promise<string[]> {
  const ids = (await readJsonLines<CourseEntry>(store, runKeys.courses)).map(({ courseId }) => courseId);
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown) throw new BadInput(`the run has no course ${unknown}; \`rtpipeline status\` lists the courses`);
  return wanted.length > 0 ? wanted : ids;
}

/** DICOM objects of the latest results of these courses, one after the other. */
export async function* pushedObjects(
  store: ObjectStore,
  courses: string[],
  kinds: string[],
): AsyncGenerator<PushedObject> {
  for (const courseId of courses) {
    const keys = courseKeys(courseId);
    const written = await readJsonIfAny<{ objects: StructureObject[] }>(store, keys.structureObjects);
    for (const { kind, key } of written?.objects ?? [])
      if (kinds.includes(kind)) yield { name: key, file: await store.get(key) };
    if (kinds.includes('RTDOSE'))
      for (const key of await writtenDoses(await readJson<Course>(store, keys.course), store))
        yield { name: key, file: await store.get(key) };
    const report = kinds.includes('SR') && (await courseReport(store, courseId));
    if (report) yield { name: `report of ${courseId}`, file: report.file };
  }
}
