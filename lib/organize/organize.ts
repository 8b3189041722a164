import type { Finding } from '../findings.ts';
import type { Course } from '../rt/course.ts';
import type { DuplicateRow } from './duplicates.ts';
import { publicPatientId } from './identity.ts';
import type { IndexRow } from './index-row.ts';
import type { OrganizeOptions } from './options.ts';
import { organizePatients } from './organize-patients.ts';
import { outlineOf } from './outline.ts';
import { sortUpload } from './sort-upload.ts';
import type { UnassignedRow } from './unassigned.ts';
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
  const upload = sortUpload(rows.map((row) => ({ ...outlineOf(row), row })));
  const groups = upload.groups.map(({ people }) =>
    organizePatients(
      people.map((person) => ({ ...person, rows: person.rows.map(({ row }) => row) })),
      options,
    ),
  );
  const rejected = [...upload.unassigned, ...groups.flatMap(({ unplaced }) => unplaced)];
  return {
    courses: byPatient(groups.flatMap(({ courses }) => courses)),
    unassigned: published(rejected, options),
    duplicates: published(upload.duplicates, options),
    findings: upload.findings,
    counts: {
      instances: rows.length,
      assigned: groups.reduce((sum, { assigned }) => sum + assigned, 0),
      duplicates: upload.duplicates.length,
      unassigned: rejected.length,
    },
  };
}

/** Groups have different patients, and each has its courses in order. */
function byPatient(courses: Course[]): Course[] {
  return courses.toSorted((a, b) => compareText(a.patient.id, b.patient.id));
}

/** With the patients' names as the tables have them, by key. */
export function published<T extends { key: string; patientId: string }>(rows: T[], options: OrganizeOptions): T[] {
  return rows
    .map((row) => ({ ...row, patientId: publicPatientId(row.patientId, options) }))
    .sort((a, b) => compareText(a.key, b.key));
}
