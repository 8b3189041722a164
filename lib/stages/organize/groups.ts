import type { StageContext } from '../../course-store/context.ts';
import { jsonLine, sha256 } from '../../course-store/json.ts';
import { StoreMissing } from '../../errors.ts';
import { caseMetadataTable } from '../../organize/case-metadata/table.ts';
import type { OrganizeOptions } from '../../organize/options.ts';
import { published } from '../../organize/organize.ts';
import { organizePatients } from '../../organize/organize-patients.ts';
import { dosesTable, fractionsTable } from '../../organize/organize-tables.ts';
import { patientsTable } from '../../organize/patients-table.ts';
import type { PatientGroup } from '../../organize/sort-upload.ts';
import { mapConcurrently } from '../../pool/concurrent.ts';
import type { Course } from '../../rt/course.ts';
import { courseKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { entryOf } from './course-entry.ts';
import type { CourseResult, GroupResult } from './known-patients.ts';
import type { ListedInstance, UploadOutlines } from './outlines.ts';

/** How the patients of an upload are sorted into courses. */
export interface GroupSettings {
  options: OrganizeOptions;
  /** Of all settings that a result follows from, and of the code. */
  digest: string;
  /** The patients asked for; none: all. */
  patients: readonly string[];
  nameOf: (key: string) => string;
}

const WIDTH = 16;

/**
 * Writes `course.json` of every course. Of a group that an earlier run has seen as it is now, and whose courses stand as they
 * were written, that result counts: headers are read and sorted only of the others.
 */
export async function organizeGroups(
  context: StageContext,
  groups: PatientGroup<ListedInstance>[],
  list: UploadOutlines,
  settings: GroupSettings,
  known: ReadonlyMap<string, GroupResult>,
): Promise<GroupResult[]> {
  const { store, signal } = context;
  return mapConcurrently(groups, WIDTH, async (group) => {
    signal.throwIfAborted();
    const inputs = inputsOf(group, settings);
    const earlier = known.get(inputs);
    if (earlier && (await isStanding(store, earlier))) return earlier;
    return organizeGroup(store, group, list, { ...settings, digest: inputs });
  });
}

/** Keyed, as the secret of the pseudonyms is among what it follows from. */
function inputsOf({ people }: PatientGroup<ListedInstance>, { options, digest }: GroupSettings): string {
  const lines = people.flatMap(({ rows, elsewhere }) => [
    'person',
    ...rows.map(({ lineDigest }) => lineDigest).sort(),
    ...[...elsewhere].sort(),
  ]);
  return options.hash([digest, ...lines].join('\n'));
}

async function isStanding(store: ObjectStore, { courses }: GroupResult): Promise<boolean> {
  for (const { entry, digest } of courses) {
    const body = await store.get(courseKeys(entry.courseId).course).catch((error: unknown) => {
      if (error instanceof StoreMissing) return undefined;
      throw error;
    });
    if (body === undefined || sha256(body) !== digest) return false;
  }
  return true;
}

async function organizeGroup(
  store: ObjectStore,
  group: PatientGroup<ListedInstance>,
  list: UploadOutlines,
  { options, digest: inputs, patients, nameOf }: GroupSettings,
): Promise<GroupResult> {
  const patientOf = new Map<string, string>();
  const people = await mapConcurrently(group.people, 1, async (person) => {
    const rows = await list.rowsOf(person.rows);
    for (const row of rows) {
      row.key = nameOf(row.key);
      if (patients.length > 0) patientOf.set(row.key, row.patient.id);
    }
    return { ...person, rows };
  });
  const organized = organizePatients(people, options);
  const courses = organized.courses.filter((course) => isWanted(course, patientOf, patients));
  return {
    inputs,
    courses: await mapConcurrently(courses, WIDTH, (course) => writeCourse(store, course)),
    patients: patientsTable(courses).rows,
    unassigned: published(organized.unplaced, options),
    assigned: organized.assigned,
  };
}

/** By the name in the tables, or by a PatientID of one of its objects. */
function isWanted(course: Course, patientOf: ReadonlyMap<string, string>, patients: readonly string[]): boolean {
  if (patients.length === 0 || patients.includes(course.patient.id)) return true;
  const objects = [
    course.structureSets,
    course.plans,
    course.doses,
    ...course.images.map(({ instances }) => instances),
  ];
  return objects.some((refs) => refs.some(({ key }) => patients.includes(patientOf.get(key) ?? '')));
}

async function writeCourse(store: ObjectStore, course: Course): Promise<CourseResult> {
  const body = jsonLine(course);
  await store.put(courseKeys(course.courseId).course, body);
  return {
    entry: entryOf(course),
    patientId: course.patient.id,
    digest: sha256(body),
    rows: {
      caseMetadata: caseMetadataTable([course]).rows,
      fractions: fractionsTable([course]).rows,
      doses: dosesTable([course]).rows,
    },
  };
}
