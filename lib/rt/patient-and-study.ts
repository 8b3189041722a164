import type { DataSet } from '../dicom/data-set.ts';
import type { Keyword } from '../dicom/tags.ts';
import type { DicomJson } from '../dicom/write.ts';

const PATIENT_AND_STUDY: Keyword[] = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'StudyDescription',
  'AccessionNumber',
  'ReferringPhysicianName',
];

/** Patient and study modules (PS3.3 C.7.1.1, C.7.2.1) of a new object: those of an object of the same study. */
export function patientAndStudy(source: DataSet): DicomJson {
  return Object.fromEntries(PATIENT_AND_STUDY.map((keyword) => [keyword, source.text(keyword) || null]));
}
