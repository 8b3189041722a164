import type { DataSet } from '../dicom/data-set.ts';

/** Ages above this one are replaced by it, because few people are that old (45 CFR 164.514(b)(2)(i)(C)). */
const OLDEST = 89;

/** An AS value (PS3.5 section 6.2), 090Y for all ages above 89. */
export function coarseAge(value: string): string {
  const years = /^(\d{3})Y/.exec(value)?.[1];
  return years !== undefined && Number(years) > OLDEST ? ageOf(OLDEST + 1) : value;
}

/**
 * The age at the study where an object has a date of birth but no PatientAge: the date goes, and the age, which the
 * option for patient characteristics keeps, would go with it.
 */
export function ageAtStudy(dataSet: DataSet): string | undefined {
  const [birth, study] = [dataSet.text('PatientBirthDate'), dataSet.text('StudyDate')];
  if (dataSet.has('PatientAge') || !isDate(birth) || !isDate(study)) return undefined;
  const hadBirthday = study.slice(4) >= birth.slice(4);
  const years = Number(study.slice(0, 4)) - Number(birth.slice(0, 4)) - (hadBirthday ? 0 : 1);
  return years >= 0 && years < 1000 ? coarseAge(ageOf(years)) : undefined;
}

function isDate(text: string): boolean {
  return /^\d{8}$/.test(text);
}

function ageOf(years: number): string {
  return `${String(years).padStart(3, '0')}Y`;
}
