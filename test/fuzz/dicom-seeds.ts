import { readDataSet } from '#lib/dicom/read.ts';
import { SopClass, TransferSyntax } from '#lib/dicom/uid.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { element, IMPLICIT, part10 } from '#test/lib/dicom/encode.ts';

/** A small course: four slices, structure set, plan, dose. */
export function courseSeeds(): Uint8Array[] {
  return [...generatedCohort({ courses: 1, slices: 4, rows: 16, columns: 16, seed: 1 })].map(({ bytes }) => bytes);
}

/** Objects of the other kinds, and of the other ways to lay them out, around that course. */
export function otherSeeds(course: Uint8Array[]): Uint8Array[] {
  const sets = course.map((bytes) => readDataSet(bytes));
  const uidOf = (modality: string) =>
    sets.find((set) => set.text('Modality') === modality)?.text('SOPInstanceUID') ?? '';
  const [image] = sets;
  const common: DicomJson = {
    PatientID: image.text('PatientID'),
    PatientName: 'Ünal^Ä',
    StudyInstanceUID: image.text('StudyInstanceUID'),
    FrameOfReferenceUID: image.text('FrameOfReferenceUID'),
  };
  const objects: [DicomJson, string?][] = [
    [record(uidOf('RTPLAN'))],
    [summary(uidOf('RTPLAN'))],
    [registration(image.text('FrameOfReferenceUID'))],
    [enhanced('CT', SopClass.enhancedCtImage)],
    [segmentation(image.text('SeriesInstanceUID'))],
    [{ ...enhanced('CT', SopClass.enhancedCtImage), ...RLE }, TransferSyntax.rleLossless],
  ];
  const written = objects.map(([object, transferSyntaxUid], n) =>
    writeDicom(
      { ...common, SOPInstanceUID: `1.2.3.${n}`, SeriesInstanceUID: `1.2.4.${n}`, ...object },
      transferSyntaxUid === undefined ? {} : { transferSyntaxUid },
    ),
  );
  return [...written, implicit()];
}

function record(planUid: string): DicomJson {
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.4',
    Modality: 'RTRECORD',
    TreatmentDate: '20240301',
    TreatmentTime: '101500',
    ReferencedRTPlanSequence: [{ ReferencedSOPInstanceUID: planUid }],
    TreatmentSessionBeamSequence: [
      { CurrentFractionNumber: 1, ReferencedBeamNumber: 1, TreatmentDeliveryType: 'TREATMENT' },
    ],
  };
}

function summary(planUid: string): DicomJson {
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.7',
    Modality: 'RTRECORD',
    TreatmentDate: '20240308',
    FirstTreatmentDate: '20240301',
    MostRecentTreatmentDate: '20240308',
    ReferencedRTPlanSequence: [{ ReferencedSOPInstanceUID: planUid }],
    FractionGroupSummarySequence: [{ ReferencedFractionGroupNumber: 1, NumberOfFractionsDelivered: 5 }],
  };
}

function registration(frame: string): DicomJson {
  const matrix = (values: number[]) => [
    {
      MatrixSequence: [
        { FrameOfReferenceTransformationMatrixType: 'RIGID', FrameOfReferenceTransformationMatrix: values },
      ],
    },
  ];
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const moved = [1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.1',
    Modality: 'REG',
    ContentDate: '20240301',
    ContentTime: '090000',
    RegistrationSequence: [
      { FrameOfReferenceUID: frame, MatrixRegistrationSequence: matrix(identity) },
      { FrameOfReferenceUID: '1.2.99', MatrixRegistrationSequence: matrix(moved) },
    ],
  };
}

const FRAMES = 3;

function enhanced(Modality: string, SOPClassUID: string): DicomJson {
  return {
    ...{ SOPClassUID, Modality, NumberOfFrames: FRAMES, Rows: 4, Columns: 4, SamplesPerPixel: 1 },
    ...{
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
    },
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 2 }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        PixelValueTransformationSequence: [{ RescaleIntercept: -1000, RescaleSlope: 1, RescaleType: 'HU' }],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: FRAMES }, (_, n) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, 2 * n] }],
      FrameContentSequence: [{ DimensionIndexValues: [1, n + 1] }],
    })),
    PixelData: Uint16Array.from({ length: 16 * FRAMES }, (_, n) => 1000 + n),
  };
}

/** Two planes of sixteen bytes each, the same byte all over. */
const RLE: DicomJson = {
  PixelData: Array.from({ length: FRAMES }, () => {
    const frame = Buffer.alloc(68);
    for (const [n, value] of [2, 64, 66].entries()) frame.writeUInt32LE(value, 4 * n);
    frame.set([0xf1, 4, 0xf1, 1], 64);
    return frame;
  }),
};

function segmentation(seriesUid: string): DicomJson {
  const { PerFrameFunctionalGroupsSequence: frames, ...rest } = enhanced('SEG', '1.2.840.10008.5.1.4.1.1.66.4');
  return {
    ...rest,
    ...{ BitsAllocated: 1, BitsStored: 1, HighBit: 0, SegmentationType: 'BINARY', ContentLabel: 'SEG' },
    SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: 'GTV', SegmentAlgorithmType: 'MANUAL' }],
    ReferencedSeriesSequence: [{ SeriesInstanceUID: seriesUid }],
    PerFrameFunctionalGroupsSequence: (frames as DicomJson[]).map((frame) => ({
      ...frame,
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }],
    })),
    PixelData: Uint8Array.from([0xff, 0x0f, 0xf0, 0x3c, 0xff, 0x00]),
  };
}

/** Implicit VR, with a private block and a text in another character set. */
function implicit(): Uint8Array {
  const text = (tag: string, value: string) =>
    element(tag, 'LO', Buffer.from(value.padEnd(2 * Math.ceil(value.length / 2)), 'latin1'), IMPLICIT);
  return part10(
    TransferSyntax.implicitVrLittleEndian,
    Buffer.concat([
      text('00080005', 'ISO_IR 100'),
      text('00080016', SopClass.ctImage),
      text('00080018', '1.2.5.1'),
      text('00080060', 'CT'),
      text('00090010', 'GEMS_PETD_01'),
      text('0009100d', '20240301101500'),
      text('00100010', 'M\xfcller^Eva'),
      text('0020000d', '1.2.5.2'),
      text('0020000e', '1.2.5.3'),
      text('00200032', '0\\0\\0'),
      text('00200037', '1\\0\\0\\0\\1\\0'),
      text('00280030', '1\\1'),
    ]),
  );
}
