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
 * Words of persons and numbers of an object, which may stand again in its free texts. A word of anatomy tells of nobody,
 * and of codes such as LUNG1-001 no known word does; of a person's name only the parts that no organ is called.
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
