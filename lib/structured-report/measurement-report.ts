import { formatDecimal } from '../dicom/decimal-string.ts';
import { uidFromName } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { type Code, codeItem, dcm } from './codes.ts';
import type { Measurement, MeasurementGroup } from './measurements.ts';

/** What a report is about, and what made it. */
export interface ReportHead {
  patientId: string;
  studyInstanceUid: string;
  courseId: string;
  /** YYYYMMDD and HHMMSS. */
  date: string;
  time: string;
  version: string;
}

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

/**
 * A measurement report, PS3.16 TID 1500, with a group (TID 1501) for each ROI and dose or image. The same measurements make the
 * same UIDs.
 */
export function measurementReport(head: ReportHead, groups: MeasurementGroup[]): DicomJson {
  const identity = `${head.courseId} ${head.version} ${JSON.stringify(groups)}`;
  return {
    SOPClassUID: COMPREHENSIVE_SR,
    SOPInstanceUID: uidFromName(`measurement report ${identity}`),
    StudyInstanceUID: head.studyInstanceUid,
    SeriesInstanceUID: uidFromName(`series of measurement report ${head.courseId}`),
    PatientID: head.patientId,
    PatientName: '',
    PatientBirthDate: '',
    PatientSex: '',
    StudyDate: '',
    StudyTime: '',
    StudyID: '',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    Modality: 'SR',
    SeriesNumber: 9501,
    InstanceNumber: 1,
    SeriesDescription: 'DVH and radiomics',
    Manufacturer: 'rtpipeline',
    ManufacturerModelName: 'rtpipeline',
    DeviceSerialNumber: '1',
    SoftwareVersions: head.version,
    ContentDate: head.date,
    ContentTime: head.time,
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    ...container(dcm('126000', 'Imaging Measurement Report'), '1500', [
      code('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), ENGLISH),
      code('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
      uid('HAS OBS CONTEXT', dcm('121012', 'Device Observer UID'), uidFromName('rtpipeline as an observer')),
      text('HAS OBS CONTEXT', dcm('121013', 'Device Observer Name'), `rtpipeline ${head.version}`),
      code('HAS CONCEPT MOD', dcm('121058', 'Procedure Reported'), RADIOTHERAPY),
      {
        RelationshipType: 'CONTAINS',
        ...container(
          dcm('126010', 'Imaging Measurements'),
          undefined,
          groups.map((one) => group(one, head)),
        ),
      },
    ]),
  };
}

const ENGLISH: Code = { value: 'en', scheme: 'RFC5646', meaning: 'English' };
const RADIOTHERAPY: Code = { value: '108290001', scheme: 'SCT', meaning: 'Radiation oncology AND/OR radiotherapy' };

function group({ label, measurements }: MeasurementGroup, { courseId }: ReportHead): DicomJson {
  return {
    RelationshipType: 'CONTAINS',
    ...container(dcm('125007', 'Measurement Group'), '1501', [
      text('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), label),
      uid('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), uidFromName(`${courseId} ${label}`)),
      ...measurements.map(number),
    ]),
  };
}

function container(concept: Code, template: string | undefined, content: DicomJson[]): DicomJson {
  return {
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(concept)],
    ContinuityOfContent: 'SEPARATE',
    ...(template && { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }),
    ContentSequence: content,
  };
}

function item(relationship: string, valueType: string, concept: Code): DicomJson {
  return { RelationshipType: relationship, ValueType: valueType, ConceptNameCodeSequence: [codeItem(concept)] };
}

function code(relationship: string, concept: Code, value: Code): DicomJson {
  return { ...item(relationship, 'CODE', concept), ConceptCodeSequence: [codeItem(value)] };
}

function text(relationship: string, concept: Code, value: string): DicomJson {
  return { ...item(relationship, 'TEXT', concept), TextValue: value };
}

function uid(relationship: string, concept: Code, value: string): DicomJson {
  return { ...item(relationship, 'UIDREF', concept), UID: value };
}

/** As text of at most 16 characters, and as the double that it is. */
function number({ concept, unit, value }: Measurement): DicomJson {
  const measured = {
    NumericValue: formatDecimal(value),
    FloatingPointValue: value,
    MeasurementUnitsCodeSequence: [codeItem(unit)],
  };
  return { ...item('CONTAINS', 'NUM', concept), MeasuredValueSequence: [measured] };
}
