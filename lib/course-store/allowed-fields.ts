import type { Config } from '../config.ts';
import type { DicomJson } from '../dicom/write.ts';
import type { Course } from '../rt/course.ts';

/** An object to be written, with as much of the patient in it as may enter the tables. */
export function allowedFields(object: DicomJson, { patient }: Course, { organize }: Config): DicomJson {
  if (organize.identifiers === 'keep') return object;
  return {
    ...object,
    PatientName: '',
    PatientID: patient.id,
    PatientBirthDate: '',
    StudyID: '',
    StudyDescription: '',
    AccessionNumber: '',
    ReferringPhysicianName: '',
  };
}
