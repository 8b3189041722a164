import type { DataSet } from '../dicom/data-set.ts';
import { type FunctionalGroups, functionalGroups, isEnhanced } from '../dicom/functional-groups.ts';
import { addScaled, dot, norm, normalize, type Vec3 } from '../math/vec3.ts';

/** A single-frame image or a frame of an enhanced one: where it lies and what its stored values mean. */
export interface ImageSlice {
  instance: DataSet;
  sopInstanceUid: string;
  /** From 0. */
  frame: number;
  rows: number;
  columns: number;
  /** Centre of the first pixel. */
  positionMm: Vec3;
  /** Unit vectors along which the column and the row index grow, at right angles. */
  columnAxis: Vec3;
  rowAxis: Vec3;
  /** Distance of neighbouring columns, of neighbouring rows. */
  pixelSpacingMm: [number, number];
  thicknessMm: number | undefined;
  /** Undefined when the object does not say. */
  slope: number | undefined;
  intercept: number | undefined;
  rescaleType: string;
  /** ImageType or FrameType. */
  imageType: string[];
  frameOfReferenceUid: string;
  /** What tells slices at one position apart, most important first: time, acquisition, instance, frame. */
  order: number[];
}

/** The slices of one instance; undefined in place of a slice that says not where it lies. */
export function slicesOf(instance: DataSet): (ImageSlice | undefined)[] {
  if (!isEnhanced(instance)) return [classicSlice(instance)];
  const groups = functionalGroups(instance);
  const frames = instance.number('NumberOfFrames') ?? 1;
  return Array.from({ length: frames }, (_, frame) => enhancedSlice(instance, groups, frame));
}

function classicSlice(instance: DataSet): ImageSlice | undefined {
  const place = placeOf(instance, instance, instance);
  if (!place || (instance.number('NumberOfFrames') ?? 1) > 1) return undefined;
  return {
    ...place,
    ...shapeOf(instance),
    frame: 0,
    slope: instance.number('RescaleSlope'),
    intercept: instance.number('RescaleIntercept'),
    rescaleType: instance.text('RescaleType'),
    imageType: instance.texts('ImageType'),
    order: [
      instance.number('TemporalPositionIdentifier') ?? 0,
      instance.number('AcquisitionNumber') ?? 0,
      instance.number('InstanceNumber') ?? 0,
      0,
    ],
  };
}

function enhancedSlice(instance: DataSet, groups: FunctionalGroups, frame: number): ImageSlice | undefined {
  const place = placeOf(
    groups(frame, 'PlanePositionSequence'),
    groups(frame, 'PlaneOrientationSequence'),
    groups(frame, 'PixelMeasuresSequence'),
  );
  if (!place) return undefined;
  const rescale = groups(frame, 'PixelValueTransformationSequence');
  const content = groups(frame, 'FrameContentSequence');
  const frameType = FRAME_TYPES.map((macro) => groups(frame, macro)?.texts('FrameType') ?? []).find(
    (type) => type.length,
  );
  return {
    ...place,
    ...shapeOf(instance),
    frame,
    slope: rescale?.number('RescaleSlope'),
    intercept: rescale?.number('RescaleIntercept'),
    rescaleType: rescale?.text('RescaleType') ?? '',
    imageType: frameType ?? instance.texts('ImageType'),
    order: [
      content?.number('TemporalPositionIndex') ?? 0,
      content?.number('FrameAcquisitionNumber') ?? 0,
      instance.number('InstanceNumber') ?? 0,
      frame,
    ],
  };
}

const FRAME_TYPES = ['CTImageFrameTypeSequence', 'MRImageFrameTypeSequence', 'PETFrameTypeSequence'] as const;

function shapeOf(instance: DataSet) {
  return {
    instance,
    sopInstanceUid: instance.text('SOPInstanceUID'),
    rows: instance.number('Rows') ?? 0,
    columns: instance.number('Columns') ?? 0,
    frameOfReferenceUid: instance.text('FrameOfReferenceUID'),
  };
}

/** Image Plane module, PS3.3 C.7.6.2; PixelSpacing is row spacing first. */
function placeOf(position?: DataSet, orientation?: DataSet, measures?: DataSet) {
  const at = position?.numbers('ImagePositionPatient') ?? [];
  const axes = orientation?.numbers('ImageOrientationPatient') ?? [];
  const spacing = measures?.numbers('PixelSpacing') ?? [];
  if (at.length !== 3 || axes.length !== 6 || spacing.length !== 2) return undefined;
  if (![...at, ...axes, ...spacing].every(Number.isFinite) || spacing.some((mm) => mm <= 0)) return undefined;
  const first: Vec3 = [axes[0], axes[1], axes[2]];
  const second: Vec3 = [axes[3], axes[4], axes[5]];
  if (norm(first) === 0 || norm(second) === 0) return undefined;
  const columnAxis = normalize(first);
  const across = addScaled(second, -dot(second, columnAxis), columnAxis);
  if (norm(across) < LEAST_ACROSS * norm(second)) return undefined;
  return {
    positionMm: [at[0], at[1], at[2]] as Vec3,
    columnAxis,
    rowAxis: normalize(across),
    pixelSpacingMm: [spacing[1], spacing[0]] as [number, number],
    thicknessMm: measures?.number('SliceThickness'),
  };
}

/** Axes that are nearly parallel span no plane. */
const LEAST_ACROSS = 0.9;
