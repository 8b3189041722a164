import { type Finding, finding } from '../findings.ts';
import { DisjointSets } from './disjoint-sets.ts';
import type { Outline } from './outline.ts';
import { patientKey } from './patient-objects.ts';
import { compareText } from './words.ts';

/** One patient of the upload: the instances under its PatientID, and those that name them by their UIDs. */
export interface Person<T> {
  rows: T[];
  findings: Finding[];
}

/**
 * The patients of an upload. PatientID tells them apart, or without one the study. SOP Instance UIDs are unique in the world
 * (PS3.5 9), so an object that names another by its UID is of the same patient, whatever the IDs say: with a finding. Where
 * an ID is blank, the UID of a series that is named suffices.
 */
export function peopleOf<T extends Outline>(upload: T[]): Person<T>[] {
  const rows = upload.toSorted((a, b) => compareText(a.sopInstanceUid, b.sopInstanceUid));
  const instances = new Map(rows.map((row) => [row.sopInstanceUid, row]));
  const series = new Map(rows.map((row) => [row.seriesInstanceUid, row]));
  const people = new DisjointSets();
  const joins = new Map<Outline, Outline>();
  for (const row of rows) {
    people.find(patientKey(row));
    const inSeries = row.names.series.flatMap((uid) => series.get(uid) ?? []);
    const named = [
      ...row.names.instances.flatMap((uid) => instances.get(uid) ?? []),
      ...inSeries.filter((image) => isBlank(row) || isBlank(image)),
    ];
    for (const other of named.filter((one) => patientKey(one) !== patientKey(row))) {
      if (!joins.has(row)) joins.set(row, other);
      people.join(patientKey(row), patientKey(other));
    }
  }
  const groups = Map.groupBy(rows, (row) => people.find(patientKey(row)));
  return [...groups.values()].map((members) => ({
    rows: members,
    findings: [...joinFindings(members, joins), ...twoPeople(members)],
  }));
}

function isBlank({ patient }: Outline): boolean {
  return patient.id.trim() === '';
}

function joinFindings(members: Outline[], joins: Map<Outline, Outline>): Finding[] {
  return members.flatMap((row) => {
    const named = joins.get(row);
    if (!named) return [];
    const ids = isBlank(row) || isBlank(named) ? 'one PatientID is blank' : 'PatientIDs differ';
    const message = `it names the ${named.kind.replace('_', ' ')} ${named.sopInstanceUid}: they count as one patient, although ${ids}`;
    return [finding('PATIENT_ID_DIFFERS', row.sopInstanceUid, message)];
  });
}

/** Studies under one PatientID whose birth dates or sexes contradict each other: one finding on an object of each. */
function twoPeople(members: Outline[]): Finding[] {
  return [...Map.groupBy(members, ({ patient }) => patient.id.trim())].flatMap(([id, rows]) => {
    if (id === '') return [];
    const fields = contradictions(rows);
    if (fields.length === 0) return [];
    const message = `the objects under this PatientID differ in ${fields.join(' and ')}: they may be two people`;
    const studies = Map.groupBy(rows, (row) => row.studyInstanceUid);
    const first = (study: Outline[]) => study.map((row) => row.sopInstanceUid).sort(compareText)[0];
    return [...studies.values()].map((study) => finding('PATIENT_ID_SHARED', first(study), message));
  });
}

function contradictions(rows: Outline[]): string[] {
  const births = new Set(rows.map(({ patient }) => patient.birthDate).filter(Boolean));
  const sexes = new Set(rows.map(({ patient }) => patient.sex).filter((sex) => sex === 'M' || sex === 'F'));
  const fields = [births.size > 1 ? 'birth date' : '', sexes.size > 1 ? 'sex' : ''].filter(Boolean);
  return fields.length > 0 && haveDifferentNames(rows) ? ['name', ...fields] : fields;
}

function haveDifferentNames(rows: Outline[]): boolean {
  const names = rows.map(({ patient }) =>
    patient.name
      .toLowerCase()
      .replace(/[^\p{L}]+/gu, ' ')
      .trim(),
  );
  return new Set(names.filter(Boolean)).size > 1;
}
