import { readJsonIfAny } from '#lib/course-store/json.ts';
import { UNPACKED } from '#lib/course-store/upload.ts';
import type { IndexRow } from '#lib/organize/index-row.ts';
import type { Course } from '#lib/rt/course.ts';
import { readCatalog } from '#lib/stages/catalog/list.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** Where a run holds a patient. Nothing in it names the patient but the keys. */
export interface PatientTraces {
  courses: string[];
  /** Keys of what was sent, below the upload. */
  files: string[];
  /** Files that came out of archives: these hold the patient too, among others perhaps. */
  unpacked: number;
}

/**
 * A patient's courses and files in one run: by PatientID or by the name that the tables have for it. Files of a course
 * without that PatientID belong to it by their UIDs; further ones by the other PatientIDs of its files.
 * @returns undefined where the run holds nothing of the patient
 */
export async function patientTraces(store: ObjectStore, patient: string): Promise<PatientTraces | undefined> {
  const rows = (await readCatalog(store)).flatMap((line) => ('instance' in line ? [line.instance] : []));
  const given = idsOf(rows.filter(({ patient: { id } }) => id === patient));
  const courses: string[] = [];
  const ids = new Set(given);
  const uids = new Set<string>();
  for await (const course of coursesOf(store)) {
    const own = uidsOf(course);
    const idsOfCourse = idsOf(rows.filter(({ sopInstanceUid }) => own.has(sopInstanceUid)));
    if (course.patient.id !== patient && ![...given].some((id) => idsOfCourse.has(id))) continue;
    courses.push(course.courseId);
    for (const id of idsOfCourse) ids.add(id);
    for (const uid of own) uids.add(uid);
  }
  const keys = rows.filter((row) => ids.has(row.patient.id) || uids.has(row.sopInstanceUid)).map(({ key }) => key);
  if (courses.length + keys.length === 0) return undefined;
  const files = keys.filter((key) => !key.startsWith(UNPACKED));
  return { courses, files, unpacked: keys.length - files.length };
}

/** A blank PatientID identifies nobody. */
function idsOf(rows: IndexRow[]): Set<string> {
  return new Set(rows.map(({ patient: { id } }) => id).filter((id) => id !== ''));
}

async function* coursesOf(store: ObjectStore): AsyncGenerator<Course> {
  const suffix = '/course.json';
  for await (const { key } of store.list('courses/')) {
    if (!key.endsWith(suffix)) continue;
    const id = key.slice('courses/'.length, -suffix.length);
    const course = id.includes('/') ? undefined : await readJsonIfAny<Course>(store, courseKeys(id).course);
    if (course) yield course;
  }
}

/** Every instance that the course names as its own or refers to by key. */
function uidsOf(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const one of value) uidsOf(one, found);
  else if (typeof value === 'object' && value !== null) {
    const { sopInstanceUid, key } = value as { sopInstanceUid?: unknown; key?: unknown };
    if (typeof sopInstanceUid === 'string' && typeof key === 'string') found.add(sopInstanceUid);
    for (const one of Object.values(value)) uidsOf(one, found);
  }
  return found;
}
