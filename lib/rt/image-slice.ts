import type { DataSet } from '../dicom/data-set.ts';
import { frameCount } from '../dicom/frame-count.ts';
import { type FunctionalGroups, functionalGroups, isEnhanced } from '../dicom/functional-groups.ts';
import { imagePlane } from './volumes/image-plane.ts';
import type { SliceFacts } from './volumes/slice-facts.ts';
import { classicMarks, frameMarks, frameType } from './volumes/slice-marks.ts';

/** A single-frame image or a frame of an enhanced one: where it lies and what its stored values mean. */
export interface ImageSlice extends SliceFacts {
  instance: DataSet;
  /** Undefined when the object does not say. */
  slope: number | undefined;
  intercept: number | undefined;
  rescaleType: string;
}

/** The slices of one instance; undefined in place of a slice that says not where it lies. */
export function slicesOf(instance: DataSet): (ImageSlice | undefined)[] {
  return sliceFactsOf(instance).map((facts, frame) => facts && { ...facts, instance, ...rescaleOf(instance, frame) });
}

/** Where the slices of an instance lie and what marks them: a header is enough. */
export function sliceFactsOf(instance: DataSet): (SliceFacts | undefined)[] {
  const frames = frameCount(instance);
  if (!isEnhanced(instance)) return [frames > 1 ? undefined : classicFacts(instance)];
  const groups = functionalGroups(instance);
  return Array.from({ length: frames }, (_, frame) => enhancedFacts(instance, groups, frame));
}

function classicFacts(instance: DataSet): SliceFacts | undefined {
  const plane = planeOf(instance, instance, instance);
  return (
    plane && {
      ...plane,
      ...shapeOf(instance),
      frame: 0,
      thicknessMm: instance.number('SliceThickness'),
      imageType: instance.texts('ImageType'),
      marks: classicMarks(instance),
    }
  );
}

function enhancedFacts(instance: DataSet, groups: FunctionalGroups, frame: number): SliceFacts | undefined {
  const measures = groups(frame, 'PixelMeasuresSequence');
  const plane = planeOf(groups(frame, 'PlanePositionSequence'), groups(frame, 'PlaneOrientationSequence'), measures);
  return (
    plane && {
      ...plane,
      ...shapeOf(instance),
      frame,
      thicknessMm: measures?.number('SliceThickness'),
      imageType: frameType(instance, groups, frame),
      marks: frameMarks(instance, groups, frame),
    }
  );
}

function rescaleOf(instance: DataSet, frame: number) {
  const holder = isEnhanced(instance)
    ? functionalGroups(instance)(frame, 'PixelValueTransformationSequence')
    : instance;
  return {
    slope: holder?.number('RescaleSlope'),
    intercept: holder?.number('RescaleIntercept'),
    rescaleType: holder?.text('RescaleType') ?? '',
  };
}

function shapeOf(instance: DataSet) {
  return {
    sopInstanceUid: instance.text('SOPInstanceUID'),
    rows: instance.number('Rows') ?? 0,
    columns: instance.number('Columns') ?? 0,
    frameOfReferenceUid: instance.text('FrameOfReferenceUID'),
  };
}

function planeOf(position?: DataSet, orientation?: DataSet, measures?: DataSet) {
  return imagePlane(
    position?.numbers('ImagePositionPatient') ?? [],
    orientation?.numbers('ImageOrientationPatient') ?? [],
    measures?.numbers('PixelSpacing') ?? [],
  );
}
