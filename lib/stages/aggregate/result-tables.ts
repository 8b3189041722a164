import { COURSE_COLUMNS, COURSE_KEY } from '../../rt/row-identity.ts';
import { type Column, column } from '../../tables/table.ts';

/** Tables too long for a sheet of Excel to be of use; they are in the Parquet and CSV files. */
export const NOT_IN_WORKBOOK = ['dvh_curves'];

/** Of status and timings: one row per course and stage. */
export const STAGE_KEY = [...COURSE_KEY, 'stage'];

export const STATUS_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  column('stage', 'string', 'stage of the pipeline'),
  column('status', 'string', 'ok, partial (some structures have no result), skipped, failed, or not_run'),
  column('reason', 'string', 'reason why it was skipped or failed, or what is missing'),
  column('findings', 'int', 'number of findings of the stage'),
];

/** Apart from the other tables: these numbers differ from run to run. */
export const TIMING_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  column('stage', 'string', 'stage of the pipeline'),
  column('started_at', 'timestamp', 'start of the computation (UTC)'),
  column('seconds', 'double', 'duration of the computation', 's'),
  column('peak_memory_mib', 'double', 'highest resident memory of the process', 'MiB'),
];
