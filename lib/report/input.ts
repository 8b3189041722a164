import type { Row, Table } from '../tables/table.ts';
import type { CoursePictures } from './pictures/picture.ts';

/** What the report shows. Tables and columns that are absent leave their part of the page out. */
export interface ReportInput {
  title: string;
  /**
   * Read by name: patients, case_metadata, doses, fractions, structures, agreement, dvh_metrics, goals, radiomics_*, qc,
   * qc_measures, robustness_summary, findings, unassigned, status, timings. Rows need only the columns that `shownColumns` names.
   */
  tables: Table[];
  /** What became of the files: files, not_dicom, instances, duplicates, assigned, unassigned. */
  counts?: Record<string, number>;
  /** What ran, on what: version, times, digests. */
  provenance?: ReportFact[];
  /** What the work of the run cost. */
  cost?: ReportFact[];
  /** The configuration as text. */
  config?: string;
}

export interface ReportFact {
  label: string;
  value: string;
}

/** What the page of a course shows beside its rows of the tables. */
export interface CourseDetails {
  /** Its rows of dvh_curves. */
  curves: Row[];
  doseDecision?: ReportDoseDecision;
  pictures?: CoursePictures;
  beams: BeamFacts[];
  /** What a reader calls an object: labels of plans, structure sets and doses by UID. */
  names: Record<string, string>;
}

/** Which doses make up the dose of a course, and why. */
export interface ReportDoseDecision {
  rule: string;
  confidence: string;
  evidence: string[];
  warnings: string[];
}

/** A treatment beam of a plan. */
export interface BeamFacts {
  planUid: string;
  name: string;
  /** `DYNAMIC PHOTON`. */
  kind: string;
  energies: string;
  gantry: string;
  collimatorDeg?: number;
  couchDeg?: number;
  meterset?: number;
  metersetUnit: string;
}

export const NO_DETAILS: CourseDetails = { curves: [], beams: [], names: {} };
