import { courseImages } from '../../course-store/images.ts';
import { finding } from '../../findings.ts';
import { findProgram } from '../../pool/find-program.ts';
import { asksForGpu } from '../../pool/gpus.ts';
import { imageMiB, isAnalysed } from '../../rt/course.ts';
import { totalSegmentatorVersion } from '../../segmentation/total-segmentator/program-facts.ts';
import { regionNeedOf, tasksFor } from '../../segmentation/total-segmentator/tasks.ts';
import { runTotalSegmentator } from '../../segmentation/total-segmentator/total-segmentator.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { weightsHere } from './folder-here.ts';
import { SEGMENTATION_READS, type Segmentation, type SegmentationCourse, segmentImages } from './segment-images.ts';

/** CPUs of a job, where the budget has no other number. */
export const SEGMENTATION_CPUS = 4;
/** Memory of a job beside that of its images. */
export const SEGMENTATION_MIB = 12_288;
/** Reading the image, packing the result. */
const MARGIN_SECONDS = 300;

/** Automatic segmentation by TotalSegmentator, where it is installed: CT and MR each by their own model. */
export const segmentation = defineCourseStage({
  name: 'segmentation',
  reads: SEGMENTATION_READS,
  configuration({ segmentation: { fast, force_split, roi_subset, extra_models, weights } }) {
    return { fast, force_split, roi_subset, extra_models, weights };
  },
  means({ segmentation: { fast, force_split, roi_subset, extra_models, weights, workers, ...means } }) {
    return means;
  },
  isForced: ({ segmentation }) => segmentation.force,
  hasProgram: async ({ command }) => (await findProgram(command)) !== undefined,
  claim(course, { segmentation: settings }) {
    if (!settings.enabled) return { skip: 'disabled: segmentation.enabled is false' };
    const runs = course.images
      .filter(isAnalysed)
      .reduce((sum, { modality }) => sum + tasksFor(modality, settings).length, 0);
    if (runs === 0) return { skip: 'no image with a suitable model' };
    const gpus = asksForGpu(settings.device) ? 1 : 0;
    const timeoutSeconds = settings.timeout === 0 ? 0 : runs * settings.timeout + MARGIN_SECONDS;
    return { cpus: SEGMENTATION_CPUS, memoryMiB: SEGMENTATION_MIB + 40 * imageMiB(course), gpus, timeoutSeconds };
  },
  async compute({ course, config, means, force }, context) {
    const settings = { ...means, ...config, weights: await weightsHere(config.weights, context) };
    const command = await findProgram(settings.command);
    if (!command) return notInstalled(course, settings.command);
    const version = await totalSegmentatorVersion(command, context.signal);
    const images = await courseImages(course, context);
    const wanted = images.flatMap((image) =>
      tasksFor(image.modality, settings).map((task): Segmentation => {
        return {
          model: task,
          source: 'totalsegmentator',
          image,
          need: regionNeedOf(task),
          settings: { version, ...config },
          run: (input) => runTotalSegmentator({ task, command, version, settings }, input),
        };
      }),
    );
    return segmentImages('segmentation', course, wanted, context, force);
  },
});

function notInstalled({ courseId }: SegmentationCourse, command: string) {
  const how = 'install it with `pip install TotalSegmentator`, or set segmentation.enabled to false';
  const message = `${command} is not installed: ${how}`;
  const found = finding('NO_SEGMENTATION_TOOL', courseId, message);
  return { status: 'skipped' as const, reason: message, findings: [found] };
}
