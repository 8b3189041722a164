import type { Finding } from '../findings.ts';
import type { RoiStatus } from '../rt/roi-status.ts';
import type { RoiIdentity } from '../rt/row-identity.ts';

/** What the checks look at: plain facts of one course, collected by the stage. */
export interface CourseFacts {
  images: ImageFacts[];
  structureSets: StructureSetFacts[];
  /** What organize found about which image belongs to what. */
  imageFindings: Finding[];
  /** Of the readers of structure sets, and of the making of masks. */
  structureFindings: Finding[];
  /** Frames of reference that rigid registrations join to that of the planning image. */
  joinedFrameUids: string[];
  structures: StructureFacts[];
  plans: PlanFacts[];
  doses: DoseFacts[];
  /** Distinct treatment days with a record. */
  fractionsDelivered: number;
}

export interface StructureSetFacts {
  sopInstanceUid: string;
  source: string;
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
}

export interface PlanFacts {
  sopInstanceUid: string;
  selected: boolean;
  frameOfReferenceUid: string;
  approvalStatus: string;
  fractionsPlanned?: number;
  prescriptionGy?: number;
}

export interface DoseFacts {
  sopInstanceUid: string;
  selected: boolean;
  frameOfReferenceUid: string;
  doseType: string;
  findings: Finding[];
}
