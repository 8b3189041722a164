import { describeError } from '../errors.ts';
import { type Finding, finding } from '../finding.ts';
import type { Mask } from '../image/grid.ts';
import type { Dose } from '../rt/dose.ts';
import type { Matrix4 } from '../rt/registration.ts';
import type { Contour } from '../rt/structure-set.ts';
import type { Column, Row } from '../tables/table.ts';
import { type DoseField, doseField } from './dose-field.ts';
import type { Goal } from './goals.ts';
import { type MeasureOptions, measureRoi, type RoiMeasurement, type RoiTask } from './measure-roi.ts';
import { moveContours, moveMask } from './move-region.ts';
import type { CoursePrescriptions } from './prescription.ts';
import { reportCourse } from './report-course.ts';

/** A ROI to measure: contours of a structure set, or the voxels of a label map or derived structure. */
export interface CourseRoi {
  name: string;
  /** TG-263 name, when one is certain. */
  standardName?: string | null;
  number: number;
  /** manual, totalsegmentator, custom:<model>, derived. */
  source: string;
  /** PTV, CTV, ORGAN, EXTERNAL, ... or ''. */
  interpretedType: string;
  /** UID of the structure set or segmentation, or the key of the mask. */
  structureSetUid: string;
  /** '' when unknown: then it is taken to be that of the dose. */
  frameOfReferenceUid: string;
  region: { kind: 'contours'; contours: Contour[] } | { kind: 'mask'; mask: Mask };
  /** True when cropping took a part of it away. */
  cropped?: boolean;
  /** What it ended as before it came here: it is not measured. */
  ended?: Pick<RoiMeasurement, 'status' | 'reason'>;
}

export interface CourseDvhInput {
  rois: CourseRoi[];
  /** The dose of the course; absent when there is none. */
  dose?: Dose;
  prescriptions: CoursePrescriptions;
  /** Fractions planned for the whole course, for BED and EQD2. */
  fractions?: number;
  /** The matrix from one frame of reference to another by a rigid registration; absent: none is known. */
  rigidTransform?: (from: string, to: string) => Matrix4 | undefined;
  options: CourseDvhOptions;
}

export interface CourseDvhOptions extends MeasureOptions {
  /** Names of metrics; absent: the default set. */
  metrics?: string[];
  /** ROI name or pattern -> alpha/beta in Gy: adds BED and EQD2. */
  alphaBetaGy?: Record<string, number>;
  /** ROI name or pattern -> exponent: adds gEUD. */
  geudA?: Record<string, number>;
  goals?: Goal[];
  /** Whether every metric has a column for its numerical uncertainty. */
  uncertainty?: boolean;
}

export const DEFAULT_MEASURE_OPTIONS: MeasureOptions = {
  endCap: 'half-gap',
  interpolation: 'surface',
  singlePlaneMm: 3,
  maxGapMm: 10,
  leastVolumeCc: 0.001,
};

/** Rows of the tables of a course, without the identity columns of patient and course. */
export interface CourseDvh {
  columns: Column[];
  /** One row per ROI, in the order of the input. */
  rows: Row[];
  curves: Row[];
  goals: Row[];
  findings: Finding[];
}

/** What is to be done for a course: a task per ROI, or the outcome where there is nothing to measure. */
export interface DvhPlan {
  input: CourseDvhInput;
  field?: DoseField;
  rois: { task?: RoiTask; outcome?: RoiMeasurement }[];
  findings: Finding[];
}

/** The DVHs of a course, measured one after the other. */
export function dvhOfCourse(input: CourseDvhInput): CourseDvh {
  const plan = planDvh(input);
  return finishDvh(
    plan,
    plan.rois.map(({ task }) => task && attempt(task)),
  );
}

/**
 * Checks what belongs together and makes a task per ROI. Run `measureRoi` on each `task`, here or in worker threads, and
 * hand the results to `finishDvh` in the same order.
 */
export function planDvh(input: CourseDvhInput): DvhPlan {
  const { dose } = input;
  const findings = [...(dose?.findings ?? []), ...courseFindings(input)];
  const field = dose && !dose.relative ? doseField(dose.volume) : undefined;
  const rois = input.rois.map((roi) => {
    if (roi.ended) return { outcome: without(roi.ended.status, roi.ended.reason) };
    const moved = inFrameOfDose(roi, input, findings);
    const task = { region: regionOf(roi, moved ?? roi.region), options: input.options, where: whereOf(roi) };
    if (!moved) return { task: { ...task, withoutDose: 'in another frame of reference than the dose' } };
    return { task: { ...task, dose: field, withoutDose: dose && !field ? 'the dose is relative' : undefined } };
  });
  return { input, field, rois, findings };
}

/** Results of `measureRoi` in the order of the plan, an error where it failed, into the tables of the course. */
export function finishDvh(plan: DvhPlan, results: (RoiMeasurement | Error | undefined)[]): CourseDvh {
  const measurements = plan.rois.map(({ outcome }, n) => {
    const result = outcome ?? results[n] ?? new Error('not measured');
    return result instanceof Error ? without('failed', describeError(result)) : result;
  });
  return reportCourse(plan, measurements);
}

function attempt(task: RoiTask): RoiMeasurement | Error {
  try {
    return measureRoi(task);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function without(status: RoiMeasurement['status'], reason: string): RoiMeasurement {
  return { status, reason, findings: [], volumeCc: Number.NaN, capCc: Number.NaN };
}

function courseFindings({ dose, prescriptions, rois }: CourseDvhInput): Finding[] {
  const findings: Finding[] = [];
  if (!dose) {
    const where = prescriptions.planUids[0] ?? rois[0]?.structureSetUid ?? '';
    findings.push(finding('error', 'COURSE_WITHOUT_DOSE', where, 'there is no dose: only volumes can be measured'));
  } else if (prescriptions.planUids.length === 0) {
    const message = 'no plan belongs to the dose: prescriptions come from the configuration or names alone';
    findings.push(finding('warning', 'DOSE_WITHOUT_PLAN', dose.sopInstanceUid, message));
  } else if (dose.planUids.length > 0 && !dose.planUids.some((uid) => prescriptions.planUids.includes(uid))) {
    const message = 'the dose was calculated for another plan: prescriptions and fractions may not be its own';
    findings.push(finding('warning', 'PLAN_NOT_OF_DOSE', prescriptions.planUids[0], message));
  }
  return findings;
}

/** The region where the dose is; undefined when nothing says how to get there. */
function inFrameOfDose(
  roi: CourseRoi,
  { dose, rigidTransform }: CourseDvhInput,
  findings: Finding[],
): CourseRoi['region'] | undefined {
  const from = roi.frameOfReferenceUid;
  const to = dose?.frameOfReferenceUid ?? '';
  if (from === '' || to === '' || from === to) return roi.region;
  const matrix = rigidTransform?.(from, to);
  const where = whereOf(roi);
  if (!matrix) {
    const message = 'the ROI lies in another frame of reference than the dose and no rigid registration joins them';
    findings.push(finding('error', 'ROI_IN_OTHER_FRAME', where, message));
    return undefined;
  }
  findings.push(finding('info', 'ROI_REGISTERED', where, 'the ROI was moved to the dose by a rigid registration'));
  const { region } = roi;
  return region.kind === 'mask'
    ? { kind: 'mask', mask: moveMask(region.mask, matrix) }
    : { kind: 'contours', contours: moveContours(region.contours, matrix) };
}

function regionOf(roi: CourseRoi, region: CourseRoi['region']): RoiTask['region'] {
  if (region.kind === 'mask') return region;
  const { name, number, interpretedType, frameOfReferenceUid } = roi;
  const { contours } = region;
  return {
    kind: 'contours',
    roi: { name, number, interpretedType, frameOfReferenceUid, contours, generationAlgorithm: '' },
  };
}

function whereOf({ structureSetUid, number }: CourseRoi): string {
  return `${structureSetUid} ROI ${number}`;
}
