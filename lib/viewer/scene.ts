import type { Vec3 } from '../math/vec3.ts';

/**
 * What the viewer's page shows of a run and its courses; voxels come separately. PatientID and labels are for the
 * person at the screen, and appear in no address and no log.
 */
export interface ListedCourse {
  courseId: string;
  patient: string;
  /** `2023-06`. */
  name: string;
  /** Labels of the plans. */
  plan: string;
  /** `done`, `partial`, `failed` or `open`. */
  state: string;
  images: string[];
  structures: number;
  doses: number;
}

export interface CourseScene {
  courseId: string;
  patient: string;
  name: string;
  plan: string;
  images: SceneImage[];
  doses: SceneDose[];
  structures: SceneStructure[];
  agreement: SceneAgreement[];
  /** What a person must know before they trust the picture. */
  notes: string[];
}

export interface SceneImage {
  /** Place in the images of the course. */
  number: number;
  label: string;
  modality: string;
  role: string;
}

export interface SceneDose {
  doseUid: string;
  label: string;
  /** Whether the DVHs of the course are computed on it. */
  isEvaluated: boolean;
  /** What the course decided about it, in words. */
  reason: string;
  /** Gy; null when no plan says it. */
  prescriptionGy: number | null;
}

export interface SceneStructure {
  number: number;
  name: string;
  standardName: string | null;
  interpretedType: string;
  /** The structures of one set or model share it. */
  group: string;
  volumeCc: number;
  /** Why there is no mask; '' with a mask. */
  missing: string;
  imageNumber: number | null;
  /** Whether a structure set holds contours of it: else the outlines of its mask are all that there is. */
  isDrawn: boolean;
  curves: SceneCurve[];
}

/** Closed contours as they were drawn: x0, y0, z0, ... in mm of the patient (LPS). */
export interface SceneContours {
  loops: number[][];
}

/** A DVH as the table `dvh_curves` holds it, and its row of `dvh_metrics`. */
export interface SceneCurve {
  doseUid: string;
  doseGy: number[];
  volumeCc: number[];
  /** By column of the table: `Mean[Gy]`, ... */
  metrics: Record<string, number>;
}

/** A row of the table `agreement`. */
export interface SceneAgreement {
  structure: number;
  other: number;
  dice: number | null;
  hausdorff95Mm: number | null;
  meanSurfaceDistanceMm: number | null;
}

/** A grid as JSON: `Grid` with plain numbers. */
export interface SceneGrid {
  size: Vec3;
  originMm: Vec3;
  spacingMm: Vec3;
  direction: number[];
  sliceOffsetsMm?: number[];
}

/** Where the voxels of an image or dose lie. */
export interface VolumeHead {
  grid: SceneGrid;
  /** Volumes of the same space lie on each other as their numbers say; of others nothing is known. */
  space: string;
  /** HU, SUVbw, Gy, ... */
  quantity: string;
  notes: string[];
}
