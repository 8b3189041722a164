import type { Config } from '../config.ts';
import type { DicomJson } from '../dicom/write.ts';
import type { Course } from '../rt/course.ts';

/** The part of the configuration that says what of a patient may be written. */
export interface Identifiers {
  organize: Pick<Config['organize'], 'identifiers'>;
}

/** An object to be written, with as much of the patient in it as may enter the tables. */
export function allowedFields(
  object: DicomJson,
  { patient }: Pick<Course, 'patient'>,
  { organize }: Identifiers,
): DicomJson {
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
