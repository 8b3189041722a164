import type { DicomJson } from '../../dicom/write.ts';
import type { CourseTruth } from '../truth.ts';

/** DICOM objects of one study, made when asked for, and the truth about them. */
export interface PhantomCase {
  name: string;
  objects(): Iterable<DicomJson>;
  truth(): CourseTruth;
}
