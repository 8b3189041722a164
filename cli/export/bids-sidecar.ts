import type { Acquisition, MrAcquisition } from '#lib/rt/course.ts';
import type { ExportedImage } from './courses.ts';

const MS_PER_S = 1000;

/** What BIDS wants to know of an image, in its terms and units; a field that the DICOM header lacks is absent. */
export function imageSidecar({ record }: ExportedImage, acquisition: Acquisition): Record<string, unknown> {
  return {
    Modality: record.modality,
    SeriesInstanceUID: record.seriesInstanceUid,
    ...(record.quantity && { Units: record.quantity }),
    ...stated({
      Manufacturer: acquisition.manufacturer,
      ManufacturersModelName: acquisition.model,
      SliceThickness: acquisition.sliceThicknessMm,
      ...(acquisition.mr && mrFields(acquisition.mr)),
    }),
  };
}

function mrFields({ echoTimeMs, repetitionTimeMs, ...mr }: MrAcquisition): Record<string, unknown> {
  return {
    MagneticFieldStrength: mr.fieldStrengthT,
    EchoTime: secondsOf(echoTimeMs),
    RepetitionTime: secondsOf(repetitionTimeMs),
    FlipAngle: mr.flipAngleDeg,
    MRAcquisitionType: mr.type,
    SequenceName: mr.sequenceName,
  };
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / MS_PER_S;
}

function stated(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
