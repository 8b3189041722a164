import { type Column, column } from '../../tables/table.ts';

/** Tables of the cohort, with the stage whose parts they are made of. */
export const COURSE_TABLES: Record<string, string> = {
  structures: 'structures',
  agreement: 'structures',
  dvh_metrics: 'dvh',
  dvh_curves: 'dvh',
  goals: 'dvh',
  radiomics_ct: 'radiomics',
  radiomics_mr: 'radiomics',
  radiomics_pet: 'radiomics',
  radiomics_ibsi: 'radiomics',
  qc: 'qc',
};

/** Tables too long for a sheet of Excel to be of use; they are in the Parquet and CSV files. */
export const NOT_IN_WORKBOOK = ['dvh_curves'];

/** Names of the stages of one course, in the order of the pipeline. */
export const COURSE_STAGE_NAMES = [
  'segmentation',
  'custom_models',
  'structures',
  'dvh',
  'radiomics',
  'qc',
  'robustness',
];

export const STATUS_COLUMNS: Column[] = [
  column('patient_id', 'string', 'patient, or its pseudonym', '', '(0010,0020)'),
  column('course_id', 'string', 'course, a hash of its anchor UIDs'),
  column('stage', 'string', 'stage of the pipeline'),
  column('status', 'string', 'ok, skipped, failed, or not_run'),
  column('reason', 'string', 'why it was skipped or failed'),
  column('findings', 'int', 'how many findings the stage recorded'),
];

/** Apart from the other tables: these numbers differ from run to run. */
export const TIMING_COLUMNS: Column[] = [
  column('course_id', 'string', 'course, a hash of its anchor UIDs'),
  column('stage', 'string', 'stage of the pipeline'),
  column('seconds', 'double', 'duration of the computation that gave the result', 's'),
  column('peak_memory_mib', 'double', 'highest resident memory of the process', 'MiB'),
];
