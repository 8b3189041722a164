import { identityOf } from '../deidentify/identity-words.ts';
import type { DataSet } from '../dicom/data-set.ts';
import { ownKeys } from '../own-keys.ts';
import type { PatientFields, StaffFields } from '../rt/course.ts';
import { isoDate } from '../rt/date-time.ts';
import { type DoseHeader, readDoseHeader } from '../rt/dose-header.ts';
import { type Plan, readPlan } from '../rt/plan.ts';
import { type Registration, readRegistration } from '../rt/registration.ts';
import { readStructureSetHeader, type StructureSetHeader } from '../rt/structure-set-header.ts';
import { readTreatmentRecord, type TreatmentRecord } from '../rt/treatment-record.ts';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { type ObjectKind, objectKind } from './object-kind.ts';

/** The object in the store that an instance was read from. */
export interface StoredObject {
  key: string;
  bytes: number;
  version: string;
  /** Hash of the content; only needed where SOP Instance UIDs collide. */
  digest?: string;
}

export interface SegmentationHeader {
  label: string;
  referencedSeriesUids: string[];
  referencedInstanceUids: string[];
}

/** One instance, as plain JSON: all that organize and the metadata tables need of it. */
export interface IndexRow extends StoredObject {
  kind: ObjectKind;
  sopClassUid: string;
  sopInstanceUid: string;
  studyInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  /** (0020,0052); the frames that sequences name stand in the header of the kind. */
  frameOfReferenceUid: string;
  /** As in the file, identifiers included. */
  patient: PatientFields;
  staff: StaffFields;
  /** Words of both and of further numbers of theirs, which may stand again in labels and descriptions. */
  identity: string[];
  /** YYYY-MM-DD or ''. */
  studyDate: string;
  seriesDate: string;
  createdAt: string;
  seriesDescription: string;
  image?: ImageHeader;
  plan?: Plan;
  dose?: DoseHeader;
  structureSet?: StructureSetHeader;
  record?: TreatmentRecord;
  registration?: Registration;
  segmentation?: SegmentationHeader;
}

/** The index row of an instance. Reads nothing behind the pixel data's tag, so a header is enough. */
export function indexRow(dataSet: DataSet, stored: StoredObject): IndexRow {
  const sopClassUid = dataSet.text('SOPClassUID') || dataSet.text('MediaStorageSOPClassUID');
  const modality = dataSet.text('Modality').toUpperCase();
  const kind = objectKind(sopClassUid, modality);
  return {
    ...stored,
    kind,
    sopClassUid,
    sopInstanceUid: dataSet.text('SOPInstanceUID') || dataSet.text('MediaStorageSOPInstanceUID'),
    studyInstanceUid: dataSet.text('StudyInstanceUID'),
    seriesInstanceUid: dataSet.text('SeriesInstanceUID'),
    modality,
    frameOfReferenceUid: dataSet.text('FrameOfReferenceUID'),
    patient: readPatient(dataSet),
    staff: readStaff(dataSet),
    identity: [...identityOf(dataSet)],
    studyDate: isoDate(dataSet.text('StudyDate')),
    seriesDate: isoDate(dataSet.text('SeriesDate')) || isoDate(dataSet.text('AcquisitionDate')),
    createdAt: dataSet.text('InstanceCreationDate') + dataSet.text('InstanceCreationTime'),
    seriesDescription: dataSet.text('SeriesDescription'),
    ...readHeader(kind, dataSet),
  };
}

function readHeader(kind: ObjectKind, dataSet: DataSet): Partial<IndexRow> {
  switch (kind) {
    case 'image':
      return { image: readImageHeader(dataSet) };
    case 'plan':
      return { plan: readPlan(dataSet) };
    case 'dose':
      return { dose: readDoseHeader(dataSet) };
    case 'structure_set':
      return { structureSet: readStructureSetHeader(dataSet) };
    case 'record':
      return { record: readTreatmentRecord(dataSet) };
    case 'registration':
      return { registration: readRegistration(dataSet) };
    case 'segmentation':
      return { segmentation: readSegmentationHeader(dataSet) };
    case 'other':
      return {};
  }
}

function readPatient(dataSet: DataSet): PatientFields {
  return {
    id: dataSet.text('PatientID'),
    name: dataSet.text('PatientName'),
    birthDate: isoDate(dataSet.text('PatientBirthDate')),
    sex: dataSet.text('PatientSex').toUpperCase(),
    weightKg: dataSet.number('PatientWeight'),
    heightM: dataSet.number('PatientSize'),
    ageYears: ageYears(dataSet.text('PatientAge')),
  };
}

function readStaff(dataSet: DataSet): StaffFields {
  return {
    physiciansOfRecord: dataSet.texts('PhysiciansOfRecord').join('; '),
    referringPhysician: dataSet.text('ReferringPhysicianName'),
    performingPhysician: dataSet.texts('PerformingPhysicianName').join('; '),
    operators: dataSet.texts('OperatorsName').join('; '),
    reviewer: dataSet.text('ReviewerName'),
  };
}

const YEARS_PER_UNIT: Record<string, number> = ownKeys({ Y: 1, M: 1 / 12, W: 7 / 365.25, D: 1 / 365.25 });

/** An age string (AS: 061Y, 018M, 003W, 010D) in years. */
function ageYears(text: string): number | undefined {
  const match = /^(\d{1,3})([YMWD])$/.exec(text.trim());
  return match ? Number(match[1]) * YEARS_PER_UNIT[match[2]] : undefined;
}

function readSegmentationHeader(dataSet: DataSet): SegmentationHeader {
  const series = dataSet.items('ReferencedSeriesSequence');
  const derivations = [
    ...dataSet.items('SharedFunctionalGroupsSequence'),
    ...dataSet.items('PerFrameFunctionalGroupsSequence'),
  ];
  const instances = [
    ...series.flatMap((item) => item.items('ReferencedInstanceSequence')),
    ...derivations
      .flatMap((group) => group.items('DerivationImageSequence'))
      .flatMap((derivation) => derivation.items('SourceImageSequence')),
  ];
  return {
    label: dataSet.text('ContentLabel'),
    referencedSeriesUids: distinct(series.map((item) => item.text('SeriesInstanceUID'))),
    referencedInstanceUids: distinct(instances.map((item) => item.text('ReferencedSOPInstanceUID'))),
  };
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts.filter(Boolean))];
}
