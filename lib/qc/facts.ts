import type { Finding } from '../findings.ts';
import type { Vec3 } from '../math/vec3.ts';
import type { RoiStatus } from '../rt/roi-status.ts';
import type { RoiIdentity } from '../rt/row-identity.ts';
import type { HuFacts } from './measure/hu.ts';
import type { StructureMeasures } from './measure/structure.ts';

/** What the checks look at: plain facts of one course, collected by the stage. */
export interface CourseFacts {
  /** At the start of the course; undefined when the files do not say it. */
  ageYears?: number;
  images: ImageFacts[];
  structureSets: StructureSetFacts[];
  /** What organize found about which image belongs to what. */
  imageFindings: Finding[];
  /** Of the readers of structure sets, and of the making of masks. */
  structureFindings: Finding[];
  /** Frames of reference that rigid registrations join to that of the planning image. */
  joinedFrameUids: string[];
  structures: StructureFacts[];
  /** Structures that share voxels. */
  overlaps: OverlapFacts[];
  plans: PlanFacts[];
  doses: DoseFacts[];
  /** Distinct treatment days with a record. */
  fractionsDelivered: number;
  /** Delivered sessions whose records say day or monitor units. */
  sessions: SessionFacts[];
}

export interface StructureSetFacts {
  sopInstanceUid: string;
  source: string;
  /** Of the plan whose dose is the dose of the course. */
  isPrimary: boolean;
  /** YYYY-MM-DD or ''. */
  date: string;
  approvalStatus: string;
  frameOfReferenceUids: string[];
  /** Frames of reference of the images that its ROIs lie on. */
  imageFrameUids: string[];
}

export interface ImageFacts {
  seriesInstanceUid: string;
  modality: string;
  /** The image that the structures of the plan were drawn on. */
  isPlanningImage: boolean;
  frameOfReferenceUid: string;
  /** YYYY-MM-DD or ''. */
  date: string;
  /** ContrastBolusAgent as written, '' without. */
  contrastAgent: string;
  /** BodyPartExamined as written, '' without. */
  bodyPart: string;
  /** Of CT in HU alone. */
  hu?: HuFacts;
  findings: Finding[];
}

export interface StructureFacts extends RoiIdentity {
  interpretedType: string;
  status: RoiStatus;
  reason: string;
  volumeCc: number;
  /** Faces of the image that the structure reaches, in patient words: `left`, `superior`, ... */
  touches: string[];
  /** Whose grid `doseCoverage` is about. */
  doseUid?: string;
  /** Part of the ROI inside the grid of the course's dose, 0..1; undefined without dose. */
  doseCoverage?: number;
  /** What its mask holds; absent without one. */
  measures?: StructureMeasures;
  /** Of a target: what was prescribed to it, where something says so, and where that stands. */
  prescription?: { doseGy: number; source: string };
}

/** Two structures of one image, by their places in `structures`. */
export interface OverlapFacts {
  first: number;
  second: number;
  sharedCc: number;
  /** Middle of what they share on the slice that has most of it, mm. */
  middleMm?: Vec3;
  /** Middle of what each has of its own. */
  ofFirstMm?: Vec3;
  ofSecondMm?: Vec3;
}

export interface PlanFacts {
  sopInstanceUid: string;
  selected: boolean;
  frameOfReferenceUid: string;
  approvalStatus: string;
  /** YYYY-MM-DD or ''. */
  date: string;
  fractionsPlanned?: number;
  prescriptionGy?: number;
  /** True when a target prescription says it, and it does not follow from the beams. */
  isTargetPrescription: boolean;
  /** Fractions times the doses of beams and application setups, Gy; undefined when not all say it. */
  deliveredByBeamsGy?: number;
  /** Treatment beams of the fraction groups. */
  beams: BeamFacts[];
}

export interface BeamFacts {
  number: number;
  /** MU, MINUTE, NP. */
  metersetUnit: string;
  /** Of one fraction. */
  meterset?: number;
  doseGy?: number;
}

export interface DoseFacts {
  sopInstanceUid: string;
  selected: boolean;
  frameOfReferenceUid: string;
  doseType: string;
  /** Along columns, rows and frames, mm; absent when it could not be read. */
  spacingMm?: readonly number[];
  findings: Finding[];
}

/** One delivered session of a plan. */
export interface SessionFacts {
  planUid: string;
  /** YYYY-MM-DD or ''. */
  date: string;
  /** True of what completes a fraction that was begun in an earlier session, and of one that is completed later. */
  isPart: boolean;
  deliveredMeterset?: number;
}
