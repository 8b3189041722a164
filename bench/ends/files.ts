import { SopClass } from '../../lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '../../lib/dicom/write.ts';
import type { DoseField } from '../../lib/dvh/dose-field.ts';
import type { Roi } from '../../lib/rt/structure-set.ts';

const COMMON = {
  PatientID: 'ENDS',
  StudyInstanceUID: '1.2.3.1',
  SeriesInstanceUID: '1.2.3.2',
  FrameOfReferenceUID: '1.2.3.3',
};
const SCALING = 1e-4;

/** A ROI as an RTSTRUCT file. */
export function structureSetFile({ contours }: Roi): Uint8Array {
  const object: DicomJson = {
    ...COMMON,
    SOPClassUID: SopClass.rtStructureSet,
    SOPInstanceUID: '1.2.3.10',
    Modality: 'RTSTRUCT',
    StructureSetLabel: 'ends',
    ReferencedFrameOfReferenceSequence: [{ FrameOfReferenceUID: '1.2.3.3' }],
    StructureSetROISequence: [
      { ROINumber: 1, ReferencedFrameOfReferenceUID: '1.2.3.3', ROIName: 'shape', ROIGenerationAlgorithm: '' },
    ],
    ROIContourSequence: [
      {
        ReferencedROINumber: 1,
        ROIDisplayColor: [255, 0, 0],
        ContourSequence: contours.map(({ pointsMm }) => ({
          ContourGeometricType: 'CLOSED_PLANAR',
          NumberOfContourPoints: pointsMm.length / 3,
          ContourData: Array.from(pointsMm, (c) => Number(c.toFixed(4))),
        })),
      },
    ],
    RTROIObservationsSequence: [{ ObservationNumber: 1, ReferencedROINumber: 1, RTROIInterpretedType: 'ORGAN' }],
  };
  return writeDicom(object);
}

/** A dose on an axial grid as an RTDOSE file. */
export function doseFile({ volume: { grid, data } }: DoseField): Uint8Array {
  const [columns, rows, frames] = grid.size;
  const object: DicomJson = {
    ...COMMON,
    SOPClassUID: SopClass.rtDose,
    SOPInstanceUID: '1.2.3.11',
    Modality: 'RTDOSE',
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 32,
    BitsStored: 32,
    HighBit: 31,
    PixelRepresentation: 0,
    PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    ImagePositionPatient: [...grid.originMm],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    FrameIncrementPointer: '(3004,000C)',
    GridFrameOffsetVector: Array.from({ length: frames }, (_, k) => k * grid.spacingMm[2]),
    DoseUnits: 'GY',
    DoseType: 'PHYSICAL',
    DoseSummationType: 'PLAN',
    DoseGridScaling: String(SCALING),
    PixelData: Uint32Array.from(data, (gy) => Math.round(gy / SCALING)),
  };
  return writeDicom(object);
}
