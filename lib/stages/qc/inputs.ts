import type { Config } from '../../config.ts';
import type { QcSettings } from '../../qc/qc.ts';
import type { Course } from '../../rt/course.ts';

/** What of a course its quality control follows from. */
export const QC_READS = [
  'courseId',
  'patient',
  'images',
  'structureSets',
  'plans',
  'doses',
  'doseDecision',
  'fractions',
  'findings',
  'registrations',
] as const satisfies (keyof Course)[];
export type QcCourse = Pick<Course, (typeof QC_READS)[number]>;

/** The limits of the checks, and the prescriptions that they compare with. */
export interface QcStageConfig {
  qc: QcSettings;
  dvh: Pick<Config['dvh'], 'prescriptions'>;
}
