import { describeError, PipelineError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';
import { buildCourse } from './build-course.ts';
import { completeDrafts, rowsOf, unplacedRows } from './complete-drafts.ts';
import { type DuplicateRow, removeDuplicates } from './duplicates.ts';
import { groupObjects } from './grouping.ts';
import { hideIdentity } from './hide-identity.ts';
import { publicPatientId } from './identity.ts';
import type { IndexRow } from './index-row.ts';
import { linkObjects } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import { patientObjects } from './patient-objects.ts';
import { type Person, peopleOf } from './people.ts';
import { placeImages } from './place-images.ts';
import { joinRegisteredSets } from './registered-sets.ts';
import { type UnassignedRow, unassigned } from './unassigned.ts';
import { compareText } from './words.ts';

export interface Organized {
  /** By patient, start, id. */
  courses: Course[];
  unassigned: UnassignedRow[];
  duplicates: DuplicateRow[];
  findings: Finding[];
  /** instances = assigned + duplicates + unassigned, always. */
  counts: { instances: number; assigned: number; duplicates: number; unassigned: number };
}

/**
 * Sort the instances of an upload into courses: a pure function of the whole index, whatever the order of its rows.
 * Every instance ends in at least one course, among the duplicates, or among the unassigned with the reason.
 * Rows with colliding SOP Instance UIDs need a digest: see `duplicateCandidates`.
 */
export function organize(rows: IndexRow[], options: OrganizeOptions): Organized {
  const rejected: UnassignedRow[] = [];
  const usable = rows.filter((row) => {
    const rejection = rejectionOf(row);
    if (rejection) rejected.push(rejection);
    return !rejection;
  });
  const unique = removeDuplicates(usable);
  rejected.push(...unique.conflicts);
  const people = peopleOf(unique.rows);
  const owners = imageOwners(people);
  const courses: Course[] = [];
  const assigned = new Set<string>();
  for (const person of people) {
    const isElsewhere = (uid: string) => owners.has(uid) && owners.get(uid) !== person;
    const result = organizeOrReject(person, isElsewhere, options);
    courses.push(...result.courses);
    for (const uid of result.assigned) assigned.add(uid);
    rejected.push(...result.unplaced);
  }
  return {
    courses: nameCourses(courses),
    unassigned: rejected
      .map((row) => ({ ...row, patientId: publicPatientId(row.patientId, options) }))
      .sort((a, b) => compareText(a.key, b.key)),
    duplicates: unique.duplicates
      .map((row) => ({ ...row, patientId: publicPatientId(row.patientId, options) }))
      .sort((a, b) => compareText(a.key, b.key)),
    findings: unique.findings.toSorted((a, b) => compareText(a.where, b.where)),
    counts: {
      instances: rows.length,
      assigned: assigned.size,
      duplicates: unique.duplicates.length,
      unassigned: rejected.length,
    },
  };
}

function rejectionOf(row: IndexRow): UnassignedRow | undefined {
  if (row.kind === 'other') {
    return unassigned(row, 'unsupported_object', `SOP class ${row.sopClassUid || 'unknown'} has no place in a course`);
  }
  const missing = (['sopInstanceUid', 'studyInstanceUid', 'seriesInstanceUid'] as const).filter((name) => !row[name]);
  if (missing.length === 0) return undefined;
  return unassigned(row, 'missing_identifiers', `the instance has no ${missing.join(', ')}`);
}

/** Whose each image series and frame of reference is. */
function imageOwners(people: Person[]): Map<string, Person> {
  const owners = new Map<string, Person>();
  for (const person of people)
    for (const { kind, seriesInstanceUid, frameOfReferenceUid } of person.rows)
      if (kind === 'image')
        for (const uid of [seriesInstanceUid, frameOfReferenceUid]) if (uid) owners.set(uid, person);
  return owners;
}

interface OrganizedPatient {
  courses: Course[];
  assigned: Set<string>;
  unplaced: UnassignedRow[];
}

/** Headers of one patient that no rule here was made for are the loss of that patient, with the reason, and of no other. */
function organizeOrReject(
  person: Person,
  isElsewhere: (uid: string) => boolean,
  options: OrganizeOptions,
): OrganizedPatient {
  try {
    return organizePatient(person, isElsewhere, options);
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    const message = `the headers of this patient could not be sorted into courses: ${describeError(error)}`;
    const unplaced = person.rows.map((row) => unassigned(row, 'not_organized', message));
    return { courses: [], assigned: new Set(), unplaced };
  }
}

function organizePatient(
  { rows, findings }: Person,
  isElsewhere: (uid: string) => boolean,
  options: OrganizeOptions,
): OrganizedPatient {
  const objects = patientObjects(rows);
  const linked = linkObjects(objects, isElsewhere);
  const links = { ...linked, findings: [...linked.findings, ...findings] };
  const registrations = objects.registrations.map((row) => row.registration!);
  const groups = joinRegisteredSets(groupObjects(objects, links, options), registrations);
  const drafts = placeImages(groups, objects, links, options);
  const full = completeDrafts(drafts, objects, links);
  const identity = options.identifiers === 'pseudonym' ? new Set(rows.flatMap((row) => row.identity)) : undefined;
  const assigned = new Set(full.flatMap(rowsOf).map((row) => row.sopInstanceUid));
  return {
    courses: full.map((draft) => {
      const course = buildCourse(draft, links, options);
      return identity ? hideIdentity(course, identity) : course;
    }),
    assigned,
    unplaced: unplacedRows(rows, assigned),
  };
}

/** Sort courses by patient, date and id, and name them by month; those that share one are numbered: 2024-03_2. */
function nameCourses(courses: Course[]): Course[] {
  const sorted = courses.toSorted(
    (a, b) =>
      compareText(a.patient.id, b.patient.id) ||
      compareText(a.displayName || '9', b.displayName || '9') ||
      compareText(a.courseId, b.courseId),
  );
  const used = new Map<string, number>();
  return sorted.map((course) => {
    const month = course.displayName.slice(0, 7) || '0000-00';
    const slot = `${course.patient.id}\n${month}`;
    const ordinal = (used.get(slot) ?? 0) + 1;
    used.set(slot, ordinal);
    return { ...course, displayName: ordinal === 1 ? month : `${month}_${ordinal}` };
  });
}
