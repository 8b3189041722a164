import type { DoseOverride } from './dose-decision/override-file.ts';

export interface OrganizeOptions {
  /** What makes plans one course: planning images of the same study, or the same frame of reference. */
  mergeCriteria: 'same_ct_study' | 'frame_of_reference';
  /** Longest time from the first plan of a course to its last; undefined: any. */
  maxDays?: number;
  /**
   * What of the patient goes into courses and tables. `keep`: all. `id`: PatientID, sex and age, no names, no birth
   * date. `pseudonym`: as `id` with a pseudonym in place of PatientID.
   */
  identifiers: 'keep' | 'id' | 'pseudonym';
  /** A keyed hash as 64 hexadecimal digits: the same text and secret give the same digits in every run. */
  hash(text: string): string;
  /** The parsed `dose_override.yaml`. */
  doseOverride?: DoseOverride;
}
