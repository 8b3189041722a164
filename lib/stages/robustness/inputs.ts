import type { Config } from '../../config.ts';
import type { Course } from '../../rt/course.ts';
import type { FeatureConfig } from '../radiomics/inputs.ts';

/** The fields of a course that its robustness follows from. */
export const ROBUSTNESS_READS = ['courseId', 'patient', 'images', 'structureSets'] as const satisfies (keyof Course)[];
export type RobustnessCourse = Pick<Course, (typeof ROBUSTNESS_READS)[number]>;

export type Perturbations = Config['radiomics_robustness']['segmentation_perturbation'];

export interface RobustnessConfig {
  modes: Config['radiomics_robustness']['modes'];
  perturbation: Perturbations;
  features: FeatureConfig;
}
