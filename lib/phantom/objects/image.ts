import type { SopClass } from '../../dicom/uid.ts';
import type { DicomJson } from '../../dicom/write.ts';
import { type Grid, indexToPatient } from '../../image/grid.ts';
import { column } from '../../math/vec3.ts';
import { identityModules, type PhantomSeries } from './identity.ts';

const CT_OFFSET_HU = 1024;

/** An image series with the UIDs of its slices, ascending along the third direction of the grid. */
export interface PhantomImage {
  series: PhantomSeries;
  kind: 'ctImage' | 'mrImage' | 'petImage';
  grid: Grid;
  sliceUids: string[];
}

/** CT slices (PS3.3 A.3) from HU: 12 bits, intercept -1024. Values outside [-1024, 3071] are clipped. */
export function ctSlices(image: PhantomImage, hu: Int16Array): DicomJson[] {
  return slices(image, (values) => ({
    Modality: 'CT',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    AcquisitionNumber: 1,
    KVP: 120,
    XRayTubeCurrent: 250,
    ConvolutionKernel: 'B30f',
    DataCollectionDiameter: 500,
    BitsStored: 12,
    HighBit: 11,
    RescaleIntercept: -CT_OFFSET_HU,
    RescaleSlope: 1,
    RescaleType: 'HU',
    PixelData: stored(values, CT_OFFSET_HU, 4095),
  }))(hu);
}

/** T2-weighted MR slices (PS3.3 A.4) from signal values >= 0. */
export function mrSlices(image: PhantomImage, signal: Int16Array): DicomJson[] {
  return slices(image, (values) => ({
    Modality: 'MR',
    ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
    ScanningSequence: 'SE',
    SequenceVariant: 'SK',
    ScanOptions: '',
    MRAcquisitionType: '2D',
    SequenceName: 't2_tse',
    RepetitionTime: 4000,
    EchoTime: 100,
    EchoTrainLength: 16,
    MagneticFieldStrength: 1.5,
    BitsStored: 12,
    HighBit: 11,
    PixelData: stored(values, 0, 4095),
  }))(signal);
}

/** FDG injected one hour before the scan; activities at injection in Bq, half-life of F-18. */
export const PET_INJECTION = { doseBq: 350e6, halfLifeS: 6586.2, weightKg: 70, secondsBefore: 3600 } as const;

/** PET slices (PS3.3 A.21) from activity concentration in Bq/ml, decay corrected to the start of the scan. */
export function petSlices(image: PhantomImage, bqPerMl: Int16Array): DicomJson[] {
  const count = image.sliceUids.length;
  return slices(image, (values, k) => ({
    Modality: 'PT',
    ImageType: ['ORIGINAL', 'PRIMARY'],
    Units: 'BQML',
    CountsSource: 'EMISSION',
    SeriesType: ['WHOLE BODY', 'IMAGE'],
    NumberOfSlices: count,
    ImageIndex: k + 1,
    CorrectedImage: ['DECY', 'ATTN', 'SCAT', 'RAN', 'NORM'],
    DecayCorrection: 'START',
    DecayFactor: 1,
    RandomsCorrectionMethod: 'DLYD',
    AttenuationCorrectionMethod: 'measured',
    ScatterCorrectionMethod: 'model',
    ReconstructionMethod: 'OSEM',
    CollimatorType: 'NONE',
    FrameReferenceTime: 0,
    ActualFrameDuration: 120000,
    PatientWeight: PET_INJECTION.weightKg,
    PatientSize: 1.75,
    PatientPosition: undefined,
    PatientOrientationCodeSequence: [],
    PatientGantryRelationshipCodeSequence: [],
    RadiopharmaceuticalInformationSequence: [
      {
        Radiopharmaceutical: 'FDG',
        RadiopharmaceuticalStartTime: '073000',
        RadionuclideTotalDose: PET_INJECTION.doseBq,
        RadionuclideHalfLife: PET_INJECTION.halfLifeS,
        RadionuclidePositronFraction: 0.967,
        RadionuclideCodeSequence: [
          { CodeValue: '77004003', CodingSchemeDesignator: 'SCT', CodeMeaning: '^18^Fluorine' },
        ],
      },
    ],
    BitsStored: 16,
    HighBit: 15,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    PixelData: stored(values, 0, 65535),
  }))(bqPerMl);
}

/** Values moved by `offset` and clipped to what the bits hold. */
function stored(values: Int16Array, offset: number, largest: number): Uint16Array {
  const pixels = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) pixels[i] = Math.min(Math.max(values[i] + offset, 0), largest);
  return pixels;
}

function slices(
  image: PhantomImage,
  ofModality: (values: Int16Array, k: number) => DicomJson,
): (data: Int16Array) => DicomJson[] {
  const [nx, ny] = image.grid.size;
  return (data) =>
    image.sliceUids.map((uid, k) => ({
      ...commonModules(image, uid, k),
      ...ofModality(data.subarray(nx * ny * k, nx * ny * (k + 1)), k),
    }));
}

/** Frame of reference, image plane and image pixel modules (PS3.3 C.7.4.1, C.7.6.2, C.7.6.3). */
function commonModules({ series, kind, grid }: PhantomImage, uid: string, k: number): DicomJson {
  const position = indexToPatient(grid, [0, 0, k]);
  return {
    ...identityModules(series, kind as keyof typeof SopClass, uid),
    AcquisitionDate: series.study.date,
    AcquisitionTime: '083000',
    ContentDate: series.study.date,
    ContentTime: '083000',
    PatientPosition: 'HFS',
    FrameOfReferenceUID: series.frameOfReferenceUid,
    PositionReferenceIndicator: '',
    InstanceNumber: k + 1,
    Laterality: '',
    ImagePositionPatient: position,
    ImageOrientationPatient: [...column(grid.direction, 0), ...column(grid.direction, 1)],
    SliceLocation: position[2],
    SliceThickness: grid.spacingMm[2],
    PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: grid.size[1],
    Columns: grid.size[0],
    BitsAllocated: 16,
    PixelRepresentation: 0,
  };
}
