import type { DataSet } from '../dicom/data-set.ts';
import { frameCount } from '../dicom/frame-count.ts';
import { isEnhanced } from '../dicom/functional-groups.ts';
import type { Keyword } from '../dicom/tags.ts';
import type { Acquisition, MrAcquisition } from '../rt/course.ts';
import { sliceFactsOf } from '../rt/image-slice.ts';
import { imagePlane } from '../rt/volumes/image-plane.ts';
import type { SliceFacts } from '../rt/volumes/slice-facts.ts';
import { classicMarks, type SliceMarks } from '../rt/volumes/slice-marks.ts';

/** Geometry and acquisition of one image instance, as written; arrays are [] when absent. Lengths in mm. */
export interface ImageHeader {
  instanceNumber?: number;
  imageType: string[];
  rows: number;
  columns: number;
  frames: number;
  /** Row spacing, column spacing. */
  pixelSpacingMm: number[];
  /** Of the first frame. */
  positionMm: number[];
  orientation: number[];
  acquisition: Acquisition;
  /** What may tell it from other images of its place. */
  marks: SliceMarks;
  /** Of an enhanced instance: each frame that says where it lies. */
  frameSlices?: FrameSlice[];
}

/** A frame without what its instance says of all. */
export type FrameSlice = Omit<SliceFacts, keyof SharedFacts>;

type SharedFacts = Pick<SliceFacts, 'sopInstanceUid' | 'rows' | 'columns' | 'frameOfReferenceUid'>;

/** The slices of an instance, as the split into volumes takes them. */
export function slicesOfHeader(header: ImageHeader, sopInstanceUid: string, frameOfReferenceUid: string): SliceFacts[] {
  const { rows, columns, positionMm, orientation, pixelSpacingMm, imageType, marks, acquisition } = header;
  const shared: SharedFacts = { sopInstanceUid, rows, columns, frameOfReferenceUid };
  if (header.frameSlices) return header.frameSlices.map((slice) => ({ ...shared, ...slice }));
  const plane = header.frames > 1 ? undefined : imagePlane(positionMm, orientation, pixelSpacingMm);
  if (!plane) return [];
  return [{ ...shared, ...plane, frame: 0, thicknessMm: acquisition.sliceThicknessMm, imageType, marks }];
}

/** Read a CT, MR or PT header; of an enhanced one the functional groups that hold for the first frame. */
export function readImageHeader(dataSet: DataSet): ImageHeader {
  const levels = [
    dataSet,
    ...dataSet.items('SharedFunctionalGroupsSequence').slice(0, 1),
    ...dataSet.items('PerFrameFunctionalGroupsSequence').slice(0, 1),
  ];
  const group = (sequence: Keyword) => [dataSet, ...levels.flatMap((level) => level.items(sequence).slice(0, 1))];
  return {
    instanceNumber: dataSet.number('InstanceNumber'),
    imageType: dataSet.texts('ImageType'),
    rows: dataSet.number('Rows') ?? 0,
    columns: dataSet.number('Columns') ?? 0,
    frames: frameCount(dataSet),
    pixelSpacingMm: numbers(group('PixelMeasuresSequence'), 'PixelSpacing'),
    positionMm: numbers(group('PlanePositionSequence'), 'ImagePositionPatient'),
    orientation: numbers(group('PlaneOrientationSequence'), 'ImageOrientationPatient'),
    acquisition: readAcquisition(dataSet, group),
    marks: classicMarks(dataSet),
    ...(isEnhanced(dataSet) && { frameSlices: readFrames(dataSet) }),
  };
}

function readFrames(dataSet: DataSet): FrameSlice[] {
  return sliceFactsOf(dataSet).flatMap((facts) => {
    if (!facts) return [];
    const { sopInstanceUid, rows, columns, frameOfReferenceUid, ...slice } = facts;
    return [slice];
  });
}

function readAcquisition(dataSet: DataSet, group: (sequence: Keyword) => DataSet[]): Acquisition {
  const table = group('CTTableDynamicsSequence');
  const reconstruction = group('CTReconstructionSequence');
  return {
    manufacturer: dataSet.text('Manufacturer'),
    model: dataSet.text('ManufacturerModelName'),
    institution: dataSet.text('InstitutionName'),
    bodyPart: dataSet.text('BodyPartExamined') || undefined,
    kvp: number(group('CTXRayDetailsSequence'), 'KVP'),
    tubeCurrentMa: number([dataSet], 'XRayTubeCurrent') ?? number(group('CTExposureSequence'), 'XRayTubeCurrentInmA'),
    convolutionKernel: text(reconstruction, 'ConvolutionKernel'),
    reconstructionAlgorithm: text(reconstruction, 'ReconstructionAlgorithm'),
    sliceThicknessMm: number(group('PixelMeasuresSequence'), 'SliceThickness'),
    spacingBetweenSlicesMm: number(group('PixelMeasuresSequence'), 'SpacingBetweenSlices'),
    pitchFactor: number(table, 'SpiralPitchFactor'),
    rotationTimeS: number(group('CTAcquisitionDetailsSequence'), 'RevolutionTime'),
    fieldOfViewMm: number(reconstruction, 'ReconstructionDiameter'),
    contrastAgent: dataSet.text('ContrastBolusAgent'),
    contrastRoute: dataSet.text('ContrastBolusRoute'),
    contrastVolumeMl: dataSet.number('ContrastBolusVolume'),
    contrastFlowRateMlPerS: dataSet.number('ContrastFlowRate'),
    ...(dataSet.text('Modality') === 'MR' && { mr: readMrAcquisition(dataSet, group) }),
  };
}

/** Enhanced MR has the effective echo time, and the other times in a group (PS3.3 C.8.13.5). */
function readMrAcquisition(dataSet: DataSet, group: (sequence: Keyword) => DataSet[]): MrAcquisition {
  const timing = group('MRTimingAndRelatedParametersSequence');
  return {
    fieldStrengthT: dataSet.number('MagneticFieldStrength'),
    echoTimeMs: dataSet.number('EchoTime') ?? number(group('MREchoSequence'), 'EffectiveEchoTime'),
    repetitionTimeMs: number(timing, 'RepetitionTime'),
    flipAngleDeg: number(timing, 'FlipAngle'),
    type: dataSet.text('MRAcquisitionType') || undefined,
    sequenceName: dataSet.text('SequenceName') || undefined,
  };
}

function number(levels: DataSet[], keyword: Keyword): number | undefined {
  return levels.find((level) => level.has(keyword))?.number(keyword);
}

function numbers(levels: DataSet[], keyword: Keyword): number[] {
  return levels.find((level) => level.has(keyword))?.numbers(keyword) ?? [];
}

function text(levels: DataSet[], keyword: Keyword): string {
  return (
    levels
      .find((level) => level.has(keyword))
      ?.texts(keyword)
      .join(' ') ?? ''
  );
}
