import type { Finding } from '../findings.ts';
import { BYTES_PER_MIB } from '../units.ts';
import type { DoseDecision } from './dose-decision.ts';
import type { DoseHeader } from './dose-header.ts';
import type { Plan } from './plan.ts';
import type { Registration } from './registration.ts';
import type { StructureSetHeader } from './structure-set-header.ts';
import type { TreatmentRecord } from './treatment-record.ts';

/** Where an instance lies in the upload. */
export interface InstanceRef {
  sopInstanceUid: string;
  /** Key in the input store. */
  key: string;
  /** Of the stored object: another content under the same key has another. */
  version: string;
}

/**
 * How the image of a ROI, a structure set or a course was found. `referenced`: its contours name it, or the structure set
 * names it alone. `referenced_multi`: the structure set names several, the one with most slices taken. `stand_in`: the
 * named one is absent, and the only other of its frame of reference is taken. `frame_of_reference`: none is named, and
 * one alone has the same frame. `fallback_largest`: none is named, the one with most slices taken. `split`: its contours
 * name images of several volumes, none holds all of it. `unresolved_reference`: the named one is absent and no other may
 * stand in. `none`: there are no images.
 */
export type ImageStatus =
  | 'referenced'
  | 'referenced_multi'
  | 'stand_in'
  | 'frame_of_reference'
  | 'fallback_largest'
  | 'split'
  | 'unresolved_reference'
  | 'none';

/** `referenced`: by UID. `inferred`: not by UID, but it is the only one of the same frame or study. */
export type LinkStatus = 'referenced' | 'inferred' | 'unresolved_reference' | 'none';

export interface PatientFields {
  /** PatientID, or its pseudonym. */
  id: string;
  /** '' unless identifiers are kept. */
  name: string;
  birthDate: string;
  sex: string;
  weightKg?: number;
  heightM?: number;
  /** In years at the start of the course, from the birth date; without one PatientAge as written. */
  ageYears?: number;
}

/** Names of staff; all '' unless identifiers are kept. */
export interface StaffFields {
  physiciansOfRecord: string;
  referringPhysician: string;
  performingPhysician: string;
  operators: string;
  reviewer: string;
}

/** How an image series was acquired, from its first instance. Lengths in mm. */
export interface Acquisition {
  manufacturer: string;
  model: string;
  institution: string;
  kvp?: number;
  tubeCurrentMa?: number;
  /** Body Part Examined as written; absent without. */
  bodyPart?: string;
  convolutionKernel: string;
  reconstructionAlgorithm: string;
  sliceThicknessMm?: number;
  spacingBetweenSlicesMm?: number;
  pitchFactor?: number;
  rotationTimeS?: number;
  fieldOfViewMm?: number;
  contrastAgent: string;
  contrastRoute: string;
  contrastVolumeMl?: number;
  contrastFlowRateMlPerS?: number;
  /** Of an MR image that says any of it. */
  mr?: MrAcquisition;
}

/** How an MR image was acquired. Of several echoes or angles the first. */
export interface MrAcquisition {
  fieldStrengthT?: number;
  echoTimeMs?: number;
  repetitionTimeMs?: number;
  flipAngleDeg?: number;
  /** `2D` or `3D`. */
  type?: string;
  sequenceName?: string;
}

export interface CourseImage {
  seriesInstanceUid: string;
  studyInstanceUid: string;
  modality: string;
  /**
   * `planning`: the one that the course is analysed on; `structure_set`: another that a ROI is drawn on; `other_volume`:
   * another volume in the series of one that is analysed.
   */
  role: 'planning' | 'structure_set' | 'related' | 'other_volume';
  /** What tells it from the other volumes of its series; '' when it is the only one. */
  volume: string;
  frameOfReferenceUid: string;
  description: string;
  /** YYYY-MM-DD or ''. */
  date: string;
  rows: number;
  columns: number;
  /** Row spacing, column spacing. */
  pixelSpacingMm: number[];
  /** Median distance of neighbouring positions along the slice normal; NaN of one slice. */
  sliceIncrementMm: number | null;
  acquisition: Acquisition;
  /** In ascending order along the slice normal, then by instance number. */
  instances: ImageInstance[];
}

export interface ImageInstance extends InstanceRef {
  /** Of an instance of several frames those (from 0) that belong to the volume; absent: all. */
  frames?: number[];
  /** Of an instance of one frame: its distance from the patient origin along the slice normal. */
  alongMm?: number;
}

/** The image that a ROI lies on. */
export interface RoiImage {
  /** Place in the course's `images`; absent when there is none for it. */
  imageNumber?: number;
  status: ImageStatus;
}

export interface CourseStructureSet extends InstanceRef {
  /** `primary`: the one of the plan whose dose is the course's; at most one. */
  role: 'primary' | 'other';
  header: StructureSetHeader;
  seriesInstanceUid: string;
  studyInstanceUid: string;
  /** The image of each ROI, in the order of the header's ROIs. */
  roiImages: RoiImage[];
  /** Place in the course's `images` of the one that most of its ROIs lie on. */
  imageNumber?: number;
  imageSeriesUid?: string;
  imageModality?: string;
  imageStatus: ImageStatus;
  /** Whether it names the frame of reference of this image; undefined without one. */
  inImageFrame?: boolean;
}

export interface CoursePlan extends InstanceRef {
  plan: Plan;
  studyInstanceUid: string;
  structureSetUid?: string;
  structureSetStatus: LinkStatus;
}

export interface CourseDose extends InstanceRef {
  header: DoseHeader;
  studyInstanceUid: string;
  /** Plans of this course that it is the dose of. */
  planUids: string[];
  planStatus: LinkStatus;
  structureSetUid?: string;
}

export interface CourseRecord extends InstanceRef {
  record: TreatmentRecord;
  planUid?: string;
}

export interface CourseRegistration extends InstanceRef {
  registration: Registration;
}

export interface CourseSegmentation extends InstanceRef {
  imageSeriesUid: string;
  label: string;
}

/**
 * A session of one plan: all that records hold of the same fraction group and fraction number, or day, within one day.
 * A fraction that was broken off and completed on another day is two.
 */
export interface Fraction {
  planUid: string;
  /** Number of the fraction group; null when no record says it. */
  groupNumber: number | null;
  /** True of what completes a fraction that was begun in an earlier session: it counts with that one. */
  continuesFraction: boolean;
  /** `records` of sessions, or the `summary` of a treatment. */
  source: 'records' | 'summary';
  /** As recorded, else the rank of the session among those of the plan; null when no record has number or day. */
  number: number | null;
  numberSource: 'recorded' | 'rank_of_date' | 'unknown';
  /** YYYY-MM-DD, or '' when no record says it. */
  date: string;
  startTime: string;
  endTime: string;
  machines: string[];
  deliveredDoseGy?: number;
  deliveredMeterset?: number;
  recordUids: string[];
}

/** How many fractions were delivered. */
export function countFractions(fractions: readonly Fraction[]): number {
  return fractions.filter((fraction) => !fraction.continuesFraction).length;
}

/** What belongs together of one patient: written as `course.json`. */
export interface Course {
  /** 16 hexadecimal digits: a salted hash of the patient and the anchors. */
  courseId: string;
  /** `2024-03`, with an ordinal when the patient has several in that month. */
  displayName: string;
  patient: PatientFields;
  staff: StaffFields;
  /** UIDs that the id is made of: studies or frames of reference, series of image-only courses, first plans of split courses. */
  anchorUids: string[];
  /** First treatment day, else plan date; YYYY-MM-DD or ''. */
  startDate: string;
  /** Last treatment day, or '' without treatment records. */
  endDate: string;
  planningSeriesUid?: string;
  planningStatus: ImageStatus;
  images: CourseImage[];
  structureSets: CourseStructureSet[];
  plans: CoursePlan[];
  doses: CourseDose[];
  doseDecision: DoseDecision;
  records: CourseRecord[];
  fractions: Fraction[];
  registrations: CourseRegistration[];
  segmentations: CourseSegmentation[];
  findings: Finding[];
}

/** Images that are read and analysed: those of the ROIs, and every MR series. */
export function isAnalysed({ role, modality }: Pick<CourseImage, 'role' | 'modality'>): boolean {
  return role === 'planning' || role === 'structure_set' || (role === 'related' && modality === 'MR');
}

/** How the image was found: as most firmly said by a ROI or structure set on it, else as the planning image. */
export function imageStatusOf(
  course: Pick<Course, 'structureSets' | 'images' | 'planningStatus'>,
  imageNumber: number,
): ImageStatus | undefined {
  const links = course.structureSets.flatMap((set) => [
    ...set.roiImages,
    { imageNumber: set.imageNumber, status: set.imageStatus },
  ]);
  const statuses = links.filter((link) => link.imageNumber === imageNumber).map(({ status }) => status);
  if (statuses.length > 0) return statuses.includes('referenced') ? 'referenced' : statuses[0];
  return course.images[imageNumber].role === 'planning' ? course.planningStatus : undefined;
}

/** The voxels of all images of a course as 16-bit numbers. */
export function imageMiB(course: Course): number {
  const voxels = course.images.reduce((sum, image) => sum + image.rows * image.columns * image.instances.length, 0);
  return (2 * voxels) / BYTES_PER_MIB;
}
