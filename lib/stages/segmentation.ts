import { finding } from '../finding.ts';
import type { CourseStage } from './course-stage.ts';
import { findProgram } from './find-program.ts';
import { imageMiB } from './structures.ts';

/** Automatic segmentation by TotalSegmentator, where it is installed. */
export const segmentation: CourseStage = {
  name: 'segmentation',
  after: [],
  configuration: ({ segmentation }) => segmentation,
  isForced: ({ segmentation }) => segmentation.force,
  claim(course, { segmentation }) {
    if (!segmentation.enabled) return { skip: 'disabled: segmentation.enabled is false' };
    if (course.images.length === 0) return { skip: 'no image' };
    const gpu = segmentation.device === 'gpu' ? 1 : 0;
    return { vcpus: 4, memoryMiB: 12_288 + 40 * imageMiB(course), gpu, timeoutSeconds: segmentation.timeout };
  },
  async compute(course, { segmentation }) {
    if (await findProgram(segmentation.command)) throw new Error('not yet');
    const how = 'install it with `pip install TotalSegmentator`, or set segmentation.enabled to false';
    const message = `${segmentation.command} is not on this machine: ${how}`;
    return {
      status: 'skipped',
      reason: message,
      findings: [finding('info', 'NO_SEGMENTATION_TOOL', course.courseId, message)],
    };
  },
};
