import { describeError, PipelineError } from '../errors.ts';
import type { Course } from '../rt/course.ts';
import { buildCourse } from './build-course.ts';
import { completeDrafts, rowsOf, unplacedRows } from './complete-drafts.ts';
import { groupObjects } from './grouping.ts';
import { hideIdentity } from './hide-identity.ts';
import type { IndexRow } from './index-row.ts';
import { linkObjects } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import { patientObjects } from './patient-objects.ts';
import { placeImages } from './place-images.ts';
import { joinRegisteredSets } from './registered-sets.ts';
import type { PersonOfUpload } from './sort-upload.ts';
import { type UnassignedRow, unassigned } from './unassigned.ts';
import { compareText } from './words.ts';

/** The courses of patients. Every instance of theirs is in a course at least, or among those in none. */
export interface OrganizedPatients {
  /** By patient, start, id; named. */
  courses: Course[];
  /** Instances in courses. */
  assigned: number;
  unplaced: UnassignedRow[];
}

/** Sort the instances of the people of a group into courses: nothing beyond the group takes part. */
export function organizePatients(people: PersonOfUpload<IndexRow>[], options: OrganizeOptions): OrganizedPatients {
  const results = people.map((person) => organizeOrReject(person, options));
  return {
    courses: nameCourses(results.flatMap(({ courses }) => courses)),
    assigned: results.reduce((sum, { assigned }) => sum + assigned, 0),
    unplaced: results.flatMap(({ unplaced }) => unplaced),
  };
}

/** Headers of one patient that no rule here was made for are the loss of that patient, with the reason, and of no other. */
function organizeOrReject(person: PersonOfUpload<IndexRow>, options: OrganizeOptions): OrganizedPatients {
  try {
    return organizePatient(person, options);
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    const message = `the headers of this patient could not be sorted into courses: ${describeError(error)}`;
    const unplaced = person.rows.map((row) => unassigned(row, 'not_organized', message));
    return { courses: [], assigned: 0, unplaced };
  }
}

function organizePatient(
  { rows, findings, elsewhere }: PersonOfUpload<IndexRow>,
  options: OrganizeOptions,
): OrganizedPatients {
  const objects = patientObjects(rows);
  const linked = linkObjects(objects, (uid) => elsewhere.has(uid));
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
    assigned: assigned.size,
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
