import type { Finding } from '../findings.ts';

/** PS3.3 C.8.8.6.3. Only closed planar contours enclose a region. */
export type ContourType = 'CLOSED_PLANAR' | 'CLOSEDPLANAR_XOR' | 'OPEN_PLANAR' | 'OPEN_NONPLANAR' | 'POINT';

export interface Contour {
  type: ContourType;
  /** x0, y0, z0, x1, ... in patient coordinates (LPS), mm. */
  pointsMm: Float64Array;
  /** SOP Instance UIDs of ContourImageSequence; often empty. */
  imageUids: string[];
  /** ContourSlabThickness, mm, where the writer states it: the region reaches half of it to both sides. */
  slabThicknessMm?: number;
}

/** One item of StructureSetROISequence with its observation and contours. */
export interface Roi {
  number: number;
  name: string;
  /** RTROIInterpretedType: PTV, CTV, GTV, ORGAN, EXTERNAL, ... or ''. */
  interpretedType: string;
  generationAlgorithm: string;
  frameOfReferenceUid: string;
  colorRgb?: [number, number, number];
  contours: Contour[];
}

/** An RTSTRUCT instance. */
export interface StructureSet {
  sopInstanceUid: string;
  studyInstanceUid: string;
  seriesInstanceUid: string;
  label: string;
  /** StructureSetDate, YYYYMMDD or ''. */
  date: string;
  approvalStatus: string;
  /** Frames of reference named by ReferencedFrameOfReferenceSequence, then (0020,0052). */
  frameOfReferenceUids: string[];
  /** Series named by RTReferencedSeriesSequence. */
  referencedSeriesUids: string[];
  rois: Roi[];
  findings: Finding[];
}
