import type { Config } from '../../config.ts';
import type { Course } from '../../rt/course.ts';

/** The fields of a course that its features follow from. */
export const RADIOMICS_READ = ['courseId', 'patient', 'images', 'structureSets'] as const satisfies (keyof Course)[];
export type RadiomicsCourse = Pick<Course, (typeof RADIOMICS_READ)[number]>;

/** Which features of which regions. */
export type FeatureConfig = Pick<
  Config['radiomics'],
  'params_file' | 'mr_params_file' | 'pet_params_file' | 'skip_rois' | 'min_voxels' | 'max_voxels'
>;

export function featureConfig({ radiomics }: Config): FeatureConfig {
  const { params_file, mr_params_file, pet_params_file, skip_rois, min_voxels, max_voxels } = radiomics;
  return { params_file, mr_params_file, pet_params_file, skip_rois, min_voxels, max_voxels };
}

/** How features are computed; none follows from it. */
export interface FeatureMeans {
  /** For each region; 0: none. */
  taskTimeoutSeconds: number;
}
