import type { Finding } from '../findings.ts';
import { type DuplicateRow, removeDuplicates } from './duplicates.ts';
import type { Outline } from './outline.ts';
import { type Person, peopleOf } from './people.ts';
import { type UnassignedRow, unassigned } from './unassigned.ts';
import { compareText } from './words.ts';

/** An upload sorted into patients. Every instance is of one of them, a duplicate, or unassigned. */
export interface SortedUpload<T extends Outline> {
  groups: PatientGroup<T>[];
  unassigned: UnassignedRow[];
  duplicates: DuplicateRow[];
  findings: Finding[];
}

/**
 * People whose courses are named among each other: one, whom a PatientID tells from all others. All who have objects without
 * one are in one group, as the tables call all of them by no name.
 */
export interface PatientGroup<T> {
  people: PersonOfUpload<T>[];
}

export interface PersonOfUpload<T> extends Person<T> {
  /** Series and frames of reference that a structure set of theirs names and that another's images have. */
  elsewhere: ReadonlySet<string>;
}

/** Which instances are of one patient, from their outlines alone. Rows with colliding UIDs need a digest: `duplicateCandidates`. */
export function sortUpload<T extends Outline>(outlines: T[]): SortedUpload<T> {
  const rejected: UnassignedRow[] = [];
  const usable = outlines.filter((outline) => {
    const rejection = rejectionOf(outline);
    if (rejection) rejected.push(rejection);
    return !rejection;
  });
  const unique = removeDuplicates(usable);
  const people = peopleOf(unique.rows);
  const owners = imageOwners(people);
  const groups = Map.groupBy(people, groupName);
  return {
    groups: [...groups.values()].map((members) => ({
      people: members.map((person) => ({ ...person, elsewhere: namedElsewhere(person, owners) })),
    })),
    unassigned: [...rejected, ...unique.conflicts],
    duplicates: unique.duplicates,
    findings: unique.findings.toSorted((a, b) => compareText(a.where, b.where)),
  };
}

function rejectionOf(row: Outline): UnassignedRow | undefined {
  if (row.kind === 'other') {
    return unassigned(row, 'unsupported_object', `SOP class ${row.sopClassUid || 'unknown'} has no place in a course`);
  }
  const missing = (['sopInstanceUid', 'studyInstanceUid', 'seriesInstanceUid'] as const).filter((name) => !row[name]);
  if (missing.length === 0) return undefined;
  return unassigned(row, 'missing_identifiers', `the instance has no ${missing.join(', ')}`);
}

function groupName<T extends Outline>(person: Person<T>): Person<T> | '' {
  return person.rows.some(({ patient }) => patient.id.trim() === '') ? '' : person;
}

/** Whose each image series and frame of reference is. */
function imageOwners<T extends Outline>(people: Person<T>[]): Map<string, Person<T>> {
  const owners = new Map<string, Person<T>>();
  for (const person of people)
    for (const { kind, seriesInstanceUid, frameOfReferenceUid } of person.rows)
      if (kind === 'image')
        for (const uid of [seriesInstanceUid, frameOfReferenceUid]) if (uid) owners.set(uid, person);
  return owners;
}

function namedElsewhere<T extends Outline>(person: Person<T>, owners: Map<string, Person<T>>): Set<string> {
  const named = person.rows.flatMap(({ kind, names }) =>
    kind === 'structure_set' ? [...names.series, ...names.frames] : [],
  );
  return new Set(named.filter((uid) => owners.has(uid) && owners.get(uid) !== person));
}
