import { finding } from '../finding.ts';
import type { CourseStage } from './course-stage.ts';
import { findProgram } from './find-program.ts';
import { imageMiB } from './structures.ts';

/** Segmentation by models of one's own. */
export const customModels: CourseStage = {
  name: 'custom_models',
  after: ['segmentation'],
  configuration: (config) => config.custom_models,
  isForced: (config) => config.custom_models.force,
  claim(course, { custom_models, segmentation }) {
    if (!custom_models.enabled) return { skip: 'disabled: custom_models.enabled is false' };
    if (course.images.length === 0) return { skip: 'no image' };
    const gpu = segmentation.device === 'gpu' ? 1 : 0;
    return { vcpus: 4, memoryMiB: 12_288 + 40 * imageMiB(course), gpu, timeoutSeconds: custom_models.timeout };
  },
  async compute(course, { custom_models }) {
    if (await findProgram(custom_models.nnunet_predict)) throw new Error('not yet');
    const how = 'install it with `pip install nnunetv2`, or set custom_models.enabled to false';
    const message = `${custom_models.nnunet_predict} is not on this machine: ${how}`;
    return {
      status: 'skipped',
      reason: message,
      findings: [finding('info', 'NO_SEGMENTATION_TOOL', course.courseId, message)],
    };
  },
};
