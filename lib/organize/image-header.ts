import type { DataSet } from '../dicom/data-set.ts';
import type { Keyword } from '../dicom/tags.ts';
import type { Acquisition } from '../rt/course.ts';

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
    frames: dataSet.number('NumberOfFrames') ?? 1,
    pixelSpacingMm: numbers(group('PixelMeasuresSequence'), 'PixelSpacing'),
    positionMm: numbers(group('PlanePositionSequence'), 'ImagePositionPatient'),
    orientation: numbers(group('PlaneOrientationSequence'), 'ImageOrientationPatient'),
    acquisition: readAcquisition(dataSet, group),
  };
}

function readAcquisition(dataSet: DataSet, group: (sequence: Keyword) => DataSet[]): Acquisition {
  const table = group('CTTableDynamicsSequence');
  const reconstruction = group('CTReconstructionSequence');
  return {
    manufacturer: dataSet.text('Manufacturer'),
    model: dataSet.text('ManufacturerModelName'),
    institution: dataSet.text('InstitutionName'),
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
