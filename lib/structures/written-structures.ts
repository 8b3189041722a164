import { VERSION } from '../code-version.ts';
import type { DicomJson } from '../dicom/write.ts';
import type { Mask } from '../image/grid.ts';
import type { Rgb } from './names/colors.ts';

/** A structure as it goes into an RTSTRUCT or SEG object. */
export interface WrittenStructure {
  /** Unique within the object, 1 or more. */
  number: number;
  /** The name others see: TG-263 where it is certain. */
  name: string;
  /** By TG-263; null when none is certain. */
  standardName: string | null;
  /** The name that its source gave it. */
  sourceName: string;
  colorRgb: Rgb;
  /** RTROIInterpretedType: ORGAN, PTV, ... or ''. */
  interpretedType: string;
  algorithm: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  /** What made it: a model with its version, or ''. */
  algorithmName: string;
  mask: Mask;
}

/** The image series that structures were made on; slice k of its grid is instance k. */
export interface SourceImage {
  seriesInstanceUid: string;
  sopClassUid: string;
  sopInstanceUids: string[];
  frameOfReferenceUid: string;
  /** The voxels of the grid are not those of the instances: tilted slices were put upright. */
  isResampled?: boolean;
}

/** What the new object is called and when it was made. */
export interface ObjectIdentity {
  sopInstanceUid: string;
  seriesInstanceUid: string;
  seriesNumber: number;
  seriesDescription: string;
  /** YYYYMMDD and HHMMSS. */
  date: string;
  time: string;
}

/** Series, equipment and SOP common modules: PS3.3 C.7.3.1, C.7.5.1, C.12.1. */
export function seriesAndEquipment(identity: ObjectIdentity, sopClassUid: string, modality: string): DicomJson {
  return {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: identity.sopInstanceUid,
    InstanceCreationDate: identity.date,
    InstanceCreationTime: identity.time,
    Modality: modality,
    SeriesInstanceUID: identity.seriesInstanceUid,
    SeriesNumber: identity.seriesNumber,
    SeriesDescription: identity.seriesDescription.slice(0, 64),
    SeriesDate: identity.date,
    SeriesTime: identity.time,
    OperatorsName: '',
    Manufacturer: 'rtpipeline',
    ManufacturerModelName: 'rtpipeline',
    DeviceSerialNumber: '1',
    SoftwareVersions: VERSION,
  };
}
