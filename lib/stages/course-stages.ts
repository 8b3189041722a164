import type { CourseStage } from './course-stage.ts';
import { customModels } from './custom-models.ts';
import { dvh } from './dvh.ts';
import { qc } from './qc.ts';
import { radiomics } from './radiomics.ts';
import { robustness } from './robustness.ts';
import { segmentation } from './segmentation.ts';
import { structures } from './structures.ts';

/** The stages of one course, in the order of the pipeline. */
export const COURSE_STAGES: CourseStage[] = [segmentation, customModels, structures, dvh, radiomics, qc, robustness];
