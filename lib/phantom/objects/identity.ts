import { SopClass } from '../../dicom/uid.ts';
import type { DicomJson } from '../../dicom/write.ts';

/** A person who does not exist. */
export interface PhantomPatient {
  id: string;
  name: string;
  /** YYYYMMDD */
  birthDate: string;
  sex: 'M' | 'F' | 'O';
}

export interface PhantomStudy {
  patient: PhantomPatient;
  uid: string;
  id: string;
  /** YYYYMMDD */
  date: string;
  description: string;
}

export interface PhantomSeries {
  study: PhantomStudy;
  uid: string;
  number: number;
  description: string;
  frameOfReferenceUid: string;
}

const TIME = '083000';

/** Patient, general study, general equipment and SOP common modules (PS3.3 C.7.1.1, C.7.2.1, C.7.5.1, C.12.1). */
export function identityModules(series: PhantomSeries, kind: keyof typeof SopClass, instanceUid: string): DicomJson {
  const { study } = series;
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: SopClass[kind],
    SOPInstanceUID: instanceUid,
    InstanceCreationDate: study.date,
    InstanceCreationTime: TIME,
    PatientName: study.patient.name,
    PatientID: study.patient.id,
    PatientBirthDate: study.patient.birthDate,
    PatientSex: study.patient.sex,
    StudyInstanceUID: study.uid,
    StudyID: study.id,
    StudyDate: study.date,
    StudyTime: TIME,
    StudyDescription: study.description,
    AccessionNumber: '',
    ReferringPhysicianName: '',
    SeriesInstanceUID: series.uid,
    SeriesNumber: series.number,
    SeriesDescription: series.description,
    SeriesDate: study.date,
    SeriesTime: TIME,
    OperatorsName: '',
    Manufacturer: 'Phantom Works',
    ManufacturerModelName: 'Analytic',
    SoftwareVersions: '1',
  };
}

/** An item that names an instance by class and UID. */
export function reference(kind: keyof typeof SopClass, instanceUid: string): DicomJson {
  return { ReferencedSOPClassUID: SopClass[kind], ReferencedSOPInstanceUID: instanceUid };
}
