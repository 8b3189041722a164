import type { Table } from '../tables/table.ts';

/** What the report shows. Tables and columns that are absent leave their part of the page out. */
export interface ReportInput {
  title: string;
  /**
   * Read by name: case_metadata, doses, fractions, structures, dvh_metrics, dvh_curves, goals, radiomics_*, qc,
   * robustness_summary, findings, unassigned, status.
   */
  tables: Table[];
  /** What became of the files: files, not_dicom, instances, duplicates, assigned, unassigned. */
  counts?: Record<string, number>;
  /** By course id. */
  doseDecisions?: Record<string, ReportDoseDecision>;
  /** What ran, on what: version, times, digests. */
  provenance?: ReportFact[];
  /** The configuration as text. */
  config?: string;
  cost?: ReportFact[];
}

export interface ReportFact {
  label: string;
  value: string;
}

/** Which doses make up the dose of a course, and why. */
export interface ReportDoseDecision {
  rule: string;
  confidence: string;
  evidence: string[];
  warnings: string[];
}
