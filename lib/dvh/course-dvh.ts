import type { Finding, FindingSubject } from '../findings.ts';
import type { Mask } from '../image/grid.ts';
import type { SlicePlanes } from '../image/slice-planes.ts';
import type { Dose } from '../rt/dose.ts';
import type { JoinFrames } from '../rt/join-frames.ts';
import type { DvhStatus, RoiEnd } from '../rt/roi-status.ts';
import type { Contour } from '../rt/structure-set.ts';
import type { Column, Row } from '../tables/table.ts';
import type { DoseField } from './dose-field.ts';
import type { MeasureOptions, RoiMeasurement, RoiTask } from './measure-roi.ts';
import type { Goal } from './metrics/goals.ts';
import type { CoursePrescriptions } from './metrics/prescription.ts';

/** A ROI to measure: contours of a structure set with the slices of their image, or the voxels of a label map or derived structure. */
export interface CourseRoi {
  name: string;
  /** TG-263 name, when one is certain. */
  standardName?: string | null;
  number: number;
  /** manual, seg, totalsegmentator, custom:<model>, derived. */
  source: string;
  /** PTV, CTV, ORGAN, EXTERNAL, ... or ''. */
  interpretedType: string;
  /** SOP Instance UID of the RTSTRUCT that holds it; '' when there is none. */
  structureSetUid: string;
  /** Whether it is of the primary structure set of its course. */
  primary?: boolean;
  /** The image that it lies on. */
  imageSeriesUid?: string;
  /** '' when unknown: then it is taken to be that of the dose. */
  frameOfReferenceUid: string;
  region: { kind: 'contours'; contours: Contour[]; slices?: SlicePlanes } | { kind: 'mask'; mask: Mask };
  /** True when cropping took a part of it away. */
  cropped?: boolean;
  /** What it ended as before it came here: it is not measured. */
  ended?: RoiEnd<DvhStatus>;
}

export interface CourseDvhInput {
  rois: CourseRoi[];
  /** The dose of the course; absent when there is none. */
  dose?: Dose;
  /** The dose that there is but that cannot be used, with the reason; without a UID where all of them cannot. */
  unusable?: { doseUid: string | null; reason: string };
  prescriptions: CoursePrescriptions;
  /** Fractions planned for the whole course, for BED and EQD2. */
  fractions?: number;
  /** Which fraction of an adaptive course the dose is of. */
  fractionNumber?: number;
  /** The registrations that brought the dose, or doses of a sum, to this frame of reference. */
  doseRegistrationUids?: string[];
  /** How one frame of reference comes to another by rigid registrations; absent: none are known. */
  join?: JoinFrames;
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
export interface PreparedDvh {
  input: CourseDvhInput;
  field?: DoseField;
  rois: { task?: RoiTask; outcome?: RoiMeasurement; registrationUids: string[] }[];
  findings: Finding[];
}

/** How findings name a ROI. */
export function whereOf({ structureSetUid, source, number }: CourseRoi): string {
  return `${structureSetUid || source} ROI ${number}`;
}

/** What a finding on a ROI is about, and on which dose. */
export function subjectOf({ structureSetUid, number, name, source }: CourseRoi, dose?: Dose): FindingSubject {
  const ofDose = dose && { doseUid: dose.sopInstanceUid };
  return { ...(structureSetUid !== '' && { structureSetUid }), roiNumber: number, roiName: name, source, ...ofDose };
}
