import { COURSES } from './finding-register/courses.ts';
import { DOSES } from './finding-register/doses.ts';
import { IMAGES } from './finding-register/images.ts';
import { QUALITY } from './finding-register/quality.ts';
import { RADIOMICS } from './finding-register/radiomics.ts';
import { REGISTRATIONS } from './finding-register/registrations.ts';
import { RUN } from './finding-register/run.ts';
import { SEGMENTATION } from './finding-register/segmentation.ts';
import { STRUCTURES } from './finding-register/structures.ts';
import { TABLES } from './finding-register/tables.ts';

export type { FindingKind, Severity } from './finding-register/kind.ts';

/** Every code by subject, in the order of the documentation. One fact has one code, whoever finds it. */
export const FINDING_SUBJECTS = {
  'Courses, plans and the choice of the dose': COURSES,
  'Image series': IMAGES,
  'Structures and contours': STRUCTURES,
  'Doses and dose-volume histograms': DOSES,
  Registrations: REGISTRATIONS,
  Segmentation: SEGMENTATION,
  'Radiomics and robustness': RADIOMICS,
  'Quality control': QUALITY,
  'Result tables': TABLES,
  'The run itself': RUN,
} as const;

export const FINDINGS = {
  ...COURSES,
  ...IMAGES,
  ...STRUCTURES,
  ...DOSES,
  ...REGISTRATIONS,
  ...SEGMENTATION,
  ...RADIOMICS,
  ...QUALITY,
  ...TABLES,
  ...RUN,
} as const;

/** Upper snake case, stable: `DOSE_WITHOUT_PLAN`. */
export type FindingCode = keyof typeof FINDINGS;
