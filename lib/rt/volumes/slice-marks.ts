import type { DataSet } from '../../dicom/data-set.ts';
import type { FunctionalGroups } from '../../dicom/functional-groups.ts';
import type { Keyword } from '../../dicom/tags.ts';
import { dateAndTimeSeconds, dateTimeSeconds } from '../dicom-time.ts';

/**
 * What may tell images of one place apart, most telling first. The order is the order in which a series is split. Times
 * are seconds since 1970, or since midnight where no date is written.
 */
export const MARK_NAMES = [
  'TemporalPosition',
  'AcquisitionNumber',
  'EchoNumbers',
  'EchoTime',
  'DiffusionBValue',
  'DiffusionGradientOrientation',
  'InversionTime',
  'ImageType',
  'ComplexImageComponent',
  'ConvolutionKernel',
  'KVP',
  'RespiratoryPhase',
  'CardiacPhase',
  'TriggerTime',
  'FrameReferenceTime',
  'AcquisitionTime',
  'ContentTime',
  'ImageIndex',
  'InstanceNumber',
  'FrameNumber',
] as const;

export type MarkName = (typeof MARK_NAMES)[number];

/** The marks that an image states; others are absent. */
export type SliceMarks = Partial<Record<MarkName, number | string>>;

/** Marks of a single-frame image. */
export function classicMarks(image: DataSet): SliceMarks {
  return stated({
    TemporalPosition: image.number('TemporalPositionIdentifier'),
    AcquisitionNumber: image.number('AcquisitionNumber'),
    EchoNumbers: image.texts('EchoNumbers').join(' '),
    EchoTime: image.number('EchoTime'),
    DiffusionBValue: image.number('DiffusionBValue'),
    DiffusionGradientOrientation: image.texts('DiffusionGradientOrientation').join(' '),
    InversionTime: image.number('InversionTime'),
    ImageType: image.texts('ImageType').join(' '),
    ComplexImageComponent: image.text('ComplexImageComponent'),
    ConvolutionKernel: image.texts('ConvolutionKernel').join(' '),
    KVP: image.number('KVP'),
    RespiratoryPhase: image.number('NominalPercentageOfRespiratoryPhase'),
    CardiacPhase: image.number('NominalPercentageOfCardiacPhase'),
    TriggerTime: image.number('TriggerTime'),
    FrameReferenceTime: image.number('FrameReferenceTime'),
    AcquisitionTime: timeOf(image, 'AcquisitionDateTime', 'AcquisitionDate', 'AcquisitionTime'),
    ContentTime: timeOf(image, undefined, 'ContentDate', 'ContentTime'),
    ImageIndex: image.number('ImageIndex'),
    InstanceNumber: image.number('InstanceNumber'),
  });
}

/** Marks of a frame (from 0) of an enhanced image: its functional groups, then the instance. */
export function frameMarks(instance: DataSet, groups: FunctionalGroups, frame: number): SliceMarks {
  const content = groups(frame, 'FrameContentSequence');
  const diffusion = groups(frame, 'MRDiffusionSequence');
  const direction = diffusion?.items('DiffusionGradientDirectionSequence')[0];
  const cardiac = groups(frame, 'CardiacSynchronizationSequence');
  return stated({
    TemporalPosition: content?.number('TemporalPositionIndex'),
    AcquisitionNumber: content?.number('FrameAcquisitionNumber') ?? instance.number('AcquisitionNumber'),
    EchoTime: groups(frame, 'MREchoSequence')?.number('EffectiveEchoTime'),
    DiffusionBValue: diffusion?.number('DiffusionBValue'),
    DiffusionGradientOrientation: direction?.texts('DiffusionGradientOrientation').join(' '),
    InversionTime: groups(frame, 'MRModifierSequence')?.number('InversionTimes'),
    ImageType: frameType(instance, groups, frame).join(' '),
    ComplexImageComponent: groups(frame, 'MRImageFrameTypeSequence')?.text('ComplexImageComponent'),
    ConvolutionKernel: groups(frame, 'CTReconstructionSequence')?.texts('ConvolutionKernel').join(' '),
    KVP: groups(frame, 'CTXRayDetailsSequence')?.number('KVP'),
    RespiratoryPhase: groups(frame, 'RespiratorySynchronizationSequence')?.number(
      'NominalPercentageOfRespiratoryPhase',
    ),
    CardiacPhase: cardiac?.number('NominalPercentageOfCardiacPhase'),
    TriggerTime: cardiac?.number('NominalCardiacTriggerDelayTime'),
    AcquisitionTime: dateTimeSeconds(content?.text('FrameAcquisitionDateTime') ?? ''),
    ContentTime: dateTimeSeconds(content?.text('FrameReferenceDateTime') ?? ''),
    InstanceNumber: instance.number('InstanceNumber'),
    FrameNumber: frame + 1,
  });
}

const FRAME_TYPES = ['CTImageFrameTypeSequence', 'MRImageFrameTypeSequence', 'PETFrameTypeSequence'] as const;

/** FrameType of a frame, else ImageType of its instance. */
export function frameType(instance: DataSet, groups: FunctionalGroups, frame: number): string[] {
  const types = FRAME_TYPES.map((macro) => groups(frame, macro)?.texts('FrameType') ?? []);
  return types.find((type) => type.length > 0) ?? instance.texts('ImageType');
}

function timeOf(image: DataSet, whole: Keyword | undefined, date: Keyword, time: Keyword): number | undefined {
  const stamp = whole && dateTimeSeconds(image.text(whole));
  return stamp ?? dateAndTimeSeconds(image.text(date) || '19700101', image.text(time));
}

function stated(marks: Record<string, number | string | undefined>): SliceMarks {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined && value !== ''));
}
