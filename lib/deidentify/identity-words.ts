import type { DataSet } from '../dicom/data-set.ts';
import { type IdentityWords, identityWordsOf } from './clean-text.ts';
import { ANATOMY, VOCABULARY } from './vocabulary.ts';

const CODES = ['PatientID', 'OtherPatientIDs', 'AccessionNumber', 'PatientBirthDate'] as const;
const PERSONS = [
  'PatientName',
  'OtherPatientNames',
  'PatientBirthName',
  'PatientMotherBirthName',
  'ReferringPhysicianName',
  'PhysiciansOfRecord',
  'PerformingPhysicianName',
  'NameOfPhysiciansReadingStudy',
  'OperatorsName',
  'ReviewerName',
] as const;

/**
 * Words of persons and numbers of an object that free texts may repeat. Anatomical words do not identify. Of codes such
 * as LUNG1-001 known words do not count. Of a person's name only the parts count that are no organ's name.
 */
export function identityOf(dataSet: DataSet): IdentityWords {
  const names = PERSONS.flatMap((keyword) => dataSet.texts(keyword));
  const isCode = (name: string) => /\d/.test(name);
  const codes = [...CODES.flatMap((keyword) => dataSet.texts(keyword)), ...names.filter(isCode)];
  return new Set([
    ...codes.flatMap(identityWordsOf).filter((word) => !VOCABULARY.has(word)),
    ...names
      .filter((name) => !isCode(name))
      .flatMap(identityWordsOf)
      .filter((word) => !ANATOMY.has(word)),
  ]);
}
