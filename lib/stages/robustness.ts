import type { CourseStage } from './course-stage.ts';

/** Radiomics features again under perturbations of image and mask. */
export const robustness: CourseStage = {
  name: 'robustness',
  after: ['structures', 'radiomics'],
  configuration: (config) => config.radiomics_robustness,
  claim: (_, config) =>
    config.radiomics_robustness.enabled
      ? { vcpus: 4, memoryMiB: 8192, gpu: 0, timeoutSeconds: 0 }
      : { skip: 'disabled: radiomics_robustness.enabled is false' },
  async compute() {
    throw new Error('not yet');
  },
};
