import type { DataSet } from '../dicom/data-set.ts';
import { formatDecimal } from '../dicom/decimal-string.ts';
import { SopClass } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import { sliceOffsetMm } from '../image/grid.ts';
import { column } from '../math/vec3.ts';
import type { Dose } from './dose.ts';
import { patientAndStudy } from './patient-and-study.ts';

/** What a new object of a course takes from elsewhere. */
export interface ObjectContext {
  /** An object of the same patient and study: its patient and study modules are copied. */
  source: DataSet;
  seriesInstanceUid: string;
  seriesDescription: string;
  /** YYYYMMDD and HHMMSS. */
  date: string;
  time: string;
}

/** An RTDOSE object (PS3.3 A.18) for `writeDicom`: 32 bits, scaled so that the greatest dose uses nearly all of them. */
export function doseObject(dose: Dose, context: ObjectContext, comment: string): DicomJson {
  const { grid } = dose.volume;
  const { pixels, scaling, signed } = quantize(dose.volume.data);
  return {
    ...patientAndStudy(context.source),
    ...series(context, 'RTDOSE'),
    SOPClassUID: SopClass.rtDose,
    SOPInstanceUID: dose.sopInstanceUid,
    FrameOfReferenceUID: dose.frameOfReferenceUid,
    PositionReferenceIndicator: null,
    ImagePositionPatient: grid.originMm,
    ImageOrientationPatient: [...column(grid.direction, 0), ...column(grid.direction, 1)],
    PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    SliceThickness: grid.spacingMm[2],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: grid.size[2],
    FrameIncrementPointer: 'GridFrameOffsetVector',
    Rows: grid.size[1],
    Columns: grid.size[0],
    BitsAllocated: 32,
    BitsStored: 32,
    HighBit: 31,
    PixelRepresentation: signed ? 1 : 0,
    DoseUnits: 'GY',
    DoseType: dose.doseType || 'PHYSICAL',
    DoseComment: comment,
    DoseSummationType: dose.summationType,
    GridFrameOffsetVector: Array.from({ length: grid.size[2] }, (_, k) => sliceOffsetMm(grid, k)),
    DoseGridScaling: formatDecimal(scaling),
    ReferencedRTPlanSequence: dose.planUids.map((uid) => reference(SopClass.rtPlan, uid)),
    ReferencedStructureSetSequence: dose.structureSetUids.map((uid) => reference(SopClass.rtStructureSet, uid)),
    PixelData: pixels,
  };
}

export function series(context: ObjectContext, modality: string): DicomJson {
  return {
    Modality: modality,
    SeriesInstanceUID: context.seriesInstanceUid,
    SeriesNumber: null,
    SeriesDescription: context.seriesDescription,
    OperatorsName: null,
    Manufacturer: 'rtpipeline',
    InstanceNumber: 1,
    InstanceCreationDate: context.date,
    InstanceCreationTime: context.time,
  };
}

export function reference(sopClassUid: string, uid: string): DicomJson {
  return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: uid };
}

/** The scaling is taken as its decimal string reads, so that rounding it costs nothing. */
function quantize(dose: Float64Array): { pixels: Uint32Array | Int32Array; scaling: number; signed: boolean } {
  let [least, most] = [0, 0];
  for (const value of dose) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const signed = least < 0;
  const steps = signed ? 2 ** 31 - 2 : 2 ** 32 - 2;
  const exact = Math.max(most, -least) / steps;
  const scaling = exact > 0 ? Number(formatDecimal(exact * (1 + 1e-9))) : 1;
  const pixels = signed ? new Int32Array(dose.length) : new Uint32Array(dose.length);
  for (let n = 0; n < dose.length; n++) pixels[n] = Math.round(dose[n] / scaling);
  return { pixels, scaling, signed };
}
