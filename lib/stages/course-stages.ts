import type { AnyCourseStage } from './define-course-stage.ts';
import { dvh } from './dvh.ts';
import { qc } from './qc/qc.ts';
import { radiomics } from './radiomics/radiomics.ts';
import { robustness } from './robustness/robustness.ts';
import { customModels } from './segmentation/custom-models.ts';
import { segmentation } from './segmentation/segmentation.ts';
import { structures } from './structures/structures.ts';
import { COURSE_STAGE_NAMES, type CourseStageName } from './table.ts';

const BY_NAME: Record<CourseStageName, AnyCourseStage> = {
  segmentation,
  custom_models: customModels,
  structures,
  dvh,
  radiomics,
  qc,
  robustness,
};

/** The stages of one course, in the order of the pipeline. */
export const COURSE_STAGES: AnyCourseStage[] = COURSE_STAGE_NAMES.map((name) => BY_NAME[name]);
