import { describeError } from '../errors.ts';
import { type Finding, finding, findingsOn } from '../findings.ts';
import type { DvhStatus, RoiEnd } from '../rt/roi-status.ts';
import {
  type CourseDvh,
  type CourseDvhInput,
  type CourseRoi,
  type PreparedDvh,
  subjectOf,
  whereOf,
} from './course-dvh.ts';
import { doseField } from './dose-field.ts';
import { type MeasureOptions, measureRoi, type RoiMeasurement, type RoiTask } from './measure-roi.ts';
import { placeRoi } from './place-roi.ts';
import { reportCourse } from './report-course.ts';

export const DEFAULT_MEASURE_OPTIONS: MeasureOptions = {
  endCap: 'rounded',
  interpolation: 'surface',
  singlePlaneMm: 3,
  maxGapMm: 10,
  leastVolumeCc: 0.001,
};

/** The DVHs of a course, measured one after the other. */
export function dvhOfCourse(input: CourseDvhInput): CourseDvh {
  const prepared = prepareDvh(input);
  return finishDvh(
    prepared,
    prepared.rois.map(({ task }) => task && attempt(task)),
  );
}

/**
 * Checks what belongs together and makes a task per ROI. Run `measureRoi` on each `task`, here or in worker threads, and
 * hand the results to `finishDvh` in the same order.
 */
export function prepareDvh(input: CourseDvhInput): PreparedDvh {
  const { dose } = input;
  const ofDose = dose ? { doseUid: dose.sopInstanceUid } : {};
  const findings = findingsOn(ofDose, [...(dose?.findings ?? []), ...courseFindings(input)]);
  const field = dose && !dose.relative ? doseField(dose.volume) : undefined;
  const rois = input.rois.map((roi) => {
    if (roi.ended) return { outcome: without(roi.ended), registrationUids: [] };
    const placed = placeRoi(roi, dose?.frameOfReferenceUid ?? '', input.join);
    findings.push(...findingsOn(subjectOf(roi, dose), placed.findings));
    const { registrationUids } = placed;
    const task = { region: regionOf(roi, placed.region ?? roi.region), options: input.options, where: whereOf(roi) };
    if (!placed.region) return { task: { ...task, withoutDose: placed.reason }, registrationUids };
    const withoutDose = dose && !field ? 'the dose is relative' : input.unusable?.reason;
    return { task: { ...task, dose: field, withoutDose }, registrationUids };
  });
  return { input, field, rois, findings };
}

/** Results of `measureRoi` in the order of the tasks, an error where it failed, into the tables of the course. */
export function finishDvh(prepared: PreparedDvh, results: (RoiMeasurement | Error | undefined)[]): CourseDvh {
  const measurements = prepared.rois.map(({ outcome }, n) => {
    const result = outcome ?? results[n] ?? new Error('not measured');
    return result instanceof Error ? without({ status: 'failed', reason: describeError(result) }) : result;
  });
  return reportCourse(prepared, measurements);
}

function attempt(task: RoiTask): RoiMeasurement | Error {
  try {
    return measureRoi(task);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function without({ status, reason }: RoiEnd<DvhStatus>): RoiMeasurement {
  return { status, reason, findings: [], volumeCc: Number.NaN, capCc: Number.NaN };
}

function courseFindings({ dose, unusable, prescriptions }: CourseDvhInput): Finding[] {
  const findings: Finding[] = [];
  if (!dose && unusable) return findings;
  if (!dose) {
    findings.push(finding('NO_DOSE', 'course', 'there is no dose: only volumes are measured'));
  } else if (prescriptions.planUids.length === 0) {
    const message = 'no plan belongs to the dose: prescriptions come only from the configuration or from names';
    findings.push(finding('DOSE_WITHOUT_PLAN', dose.sopInstanceUid, message));
  } else if (dose.planUids.length > 0 && !dose.planUids.some((uid) => prescriptions.planUids.includes(uid))) {
    const message = 'the dose was calculated for another plan: prescriptions and fractions may not belong to it';
    findings.push(finding('PLAN_NOT_OF_DOSE', prescriptions.planUids[0], message));
  }
  return findings;
}

function regionOf(roi: CourseRoi, region: CourseRoi['region']): RoiTask['region'] {
  if (region.kind === 'mask') return region;
  const { name, number, interpretedType, frameOfReferenceUid } = roi;
  const { contours, slices } = region;
  return {
    kind: 'contours',
    slices,
    roi: { name, number, interpretedType, frameOfReferenceUid, contours, generationAlgorithm: '' },
  };
}
