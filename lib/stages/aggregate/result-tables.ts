import { type Column, column } from '../../tables/table.ts';
import { COURSE_STAGE_NAMES, STAGES } from '../table.ts';

/** Tables of the cohort, each with the stage whose parts it is made of. */
export const COURSE_TABLES = COURSE_STAGE_NAMES.flatMap((stage) =>
  STAGES[stage].tables.map((table) => ({ table, stage })),
);

/** Tables too long for a sheet of Excel to be of use; they are in the Parquet and CSV files. */
export const NOT_IN_WORKBOOK = ['dvh_curves'];

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
