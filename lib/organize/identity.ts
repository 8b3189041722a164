import { patientPseudonym } from '../pseudonym.ts';
import type { PatientFields, StaffFields } from '../rt/course.ts';
import { daysBetween } from '../rt/date-time.ts';
import type { IndexRow } from './index-row.ts';
import type { OrganizeOptions } from './options.ts';

const NO_STAFF: StaffFields = {
  physiciansOfRecord: '',
  referringPhysician: '',
  performingPhysician: '',
  operators: '',
  reviewer: '',
};

/** The patient as courses and tables name them at a date: each field from the first row that has it. */
export function publicPatient(rows: IndexRow[], date: string, options: OrganizeOptions): PatientFields {
  const patients = rows.map((row) => row.patient);
  const keep = options.identifiers === 'keep';
  return {
    id: publicPatientId(patientIdOf(rows), options),
    name: keep ? firstText(patients.map((patient) => patient.name)) : '',
    birthDate: keep ? firstText(patients.map((patient) => patient.birthDate)) : '',
    sex: firstText(patients.map((patient) => patient.sex)),
    weightKg: firstPositive(patients.map((patient) => patient.weightKg)),
    heightM: firstPositive(patients.map((patient) => patient.heightM)),
    ageYears:
      ageAt(date, firstText(patients.map((patient) => patient.birthDate))) ??
      firstPositive(patients.map((patient) => patient.ageYears)),
  };
}

/**
 * When objects of a course have different PatientIDs, the plan's is used, then the structure set's, then the dose's.
 */
function patientIdOf(rows: IndexRow[]): string {
  const of = (kind: IndexRow['kind']) => rows.filter((row) => row.kind === kind);
  const ranked = [...of('plan'), ...of('structure_set'), ...of('dose'), ...rows];
  return firstText(ranked.map(({ patient }) => patient.id.trim()));
}

/** PatientID, or its pseudonym. */
export function publicPatientId(id: string, options: OrganizeOptions): string {
  return options.identifiers === 'pseudonym' ? patientPseudonym(id, options.hash) : id.trim();
}

export function publicStaff(rows: IndexRow[], options: OrganizeOptions): StaffFields {
  if (options.identifiers !== 'keep') return NO_STAFF;
  const first = (field: keyof StaffFields) => firstText(rows.map((row) => row.staff[field]));
  return {
    physiciansOfRecord: first('physiciansOfRecord'),
    referringPhysician: first('referringPhysician'),
    performingPhysician: first('performingPhysician'),
    operators: first('operators'),
    reviewer: first('reviewer'),
  };
}

function firstText(texts: string[]): string {
  return texts.find((text) => text !== '') ?? '';
}

function firstPositive(numbers: (number | undefined)[]): number | undefined {
  return numbers.find((number) => number !== undefined && number > 0);
}

const DAYS_PER_YEAR = 365.25;

/** Age in years, to a tenth; undefined without both dates or before birth. */
function ageAt(date: string, birthDate: string): number | undefined {
  const years = daysBetween(birthDate, date) / DAYS_PER_YEAR;
  return years >= 0 ? Math.round(years * 10) / 10 : undefined;
}
