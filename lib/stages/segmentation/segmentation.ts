import type { Config } from '../../config.ts';
import { courseImages } from '../../course-store/images.ts';
import { finding } from '../../findings.ts';
import { findProgram } from '../../pool/find-program.ts';
import { asksForGpu } from '../../pool/gpus.ts';
import { type Course, isAnalysed } from '../../rt/course.ts';
import type { RunModel } from '../../segmentation/model-run.ts';
import type { TotalSegmentatorSettings } from '../../segmentation/total-segmentator/command-line.ts';
import { convertedName, convertedTask } from '../../segmentation/total-segmentator/converted-tasks.ts';
import { weightsHome } from '../../segmentation/total-segmentator/home-folder.ts';
import { totalSegmentatorVersion } from '../../segmentation/total-segmentator/program-facts.ts';
import { runConverted } from '../../segmentation/total-segmentator/run-converted.ts';
import { regionNeedOf, tasksFor } from '../../segmentation/total-segmentator/tasks.ts';
import { runTotalSegmentator } from '../../segmentation/total-segmentator/total-segmentator.ts';
import { isStoreUri } from '../../store/published/manifest.ts';
import { type CourseResult, defineCourseStage } from '../define-course-stage.ts';
import { claimedMiB } from './claimed-memory.ts';
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
  configuration({ segmentation: { fast, force_split, roi_subset, extra_models, weights, converted } }) {
    const digests = Object.fromEntries(converted.map(({ name, digest }) => [name, digest]));
    return { fast, force_split, roi_subset, extra_models, weights, converted: digests };
  },
  means({ segmentation }) {
    const { fast, force_split, roi_subset, extra_models, weights, converted, workers, per_card, ...means } =
      segmentation;
    return means;
  },
  isForced: ({ segmentation }) => segmentation.force,
  hasProgram,
  claim(course, { segmentation: settings }) {
    if (!settings.enabled) return { skip: 'disabled: segmentation.enabled is false' };
    const images = course.images.filter(isAnalysed);
    const runs = images.reduce((sum, { modality }) => sum + tasksFor(modality, settings).length, 0);
    if (runs === 0) return { skip: 'no image with a suitable model' };
    const gpus = asksForGpu(settings.device) ? 1 : 0;
    const timeoutSeconds = settings.timeout === 0 ? 0 : runs * settings.timeout + MARGIN_SECONDS;
    return { cpus: SEGMENTATION_CPUS, memoryMiB: memoryMiB(course, images, settings), gpus, timeoutSeconds };
  },
  async compute({ course, config, means, force }, context) {
    const { converted: _, ...asked } = config;
    const settings = { ...means, ...asked, weights: await weightsHere(config.weights, context) };
    const images = await courseImages(course, context);
    const tasks = [...new Set(images.flatMap(({ modality }) => tasksFor(modality, settings)))];
    const runners = await runnersOf(tasks, settings, context.signal);
    const wanted = images.flatMap((image) =>
      tasksFor(image.modality, settings).flatMap((task): Segmentation[] => {
        const runner = runners.get(task);
        if (!runner) return [];
        const { from, run } = runner;
        const need = regionNeedOf(task);
        return [{ model: task, source: 'totalsegmentator', image, need, settings: { ...from, ...asked }, run }];
      }),
    );
    const lost = tasks.filter((task) => !runners.has(task));
    if (lost.length === tasks.length && lost.length > 0) return notInstalled(course, settings.command);
    const result = await segmentImages('segmentation', course, wanted, context, force);
    return lost.length === 0 ? result : withoutSome(result, course, settings.command, lost);
  },
});

/** Of the hungriest task of the images: by its networks where it was converted, else what the program takes. */
function memoryMiB(course: Course, images: Course['images'], settings: Config['segmentation']): number {
  const ofTasks = images.flatMap((image) =>
    tasksFor(image.modality, settings).map((task) => {
      const name = convertedName(task, settings.fast);
      const networks = settings.converted.find((one) => one.name === name)?.networks ?? [];
      return claimedMiB(course, [image], networks, SEGMENTATION_MIB);
    }),
  );
  return Math.max(...ofTasks);
}

/** How a task is run, and what its result follows from beside the settings. */
interface Runner {
  from: object;
  run: RunModel;
}

/** A runner for each task that can run here: as it was converted, else by the program, where that is installed. */
async function runnersOf(
  tasks: string[],
  settings: TotalSegmentatorSettings,
  signal: AbortSignal,
): Promise<Map<string, Runner>> {
  const runners = new Map<string, Runner>();
  const command = await findProgram(settings.command);
  const version = command === undefined ? '' : await totalSegmentatorVersion(command, signal);
  for (const task of tasks) {
    const converted = await convertedTask(weightsHome(settings), task, settings.fast);
    if (converted)
      runners.set(task, {
        from: { converted: converted.digest },
        run: (input) => runConverted(converted, settings, input),
      });
    else if (command !== undefined)
      runners.set(task, {
        from: { version },
        run: (input) => runTotalSegmentator({ task, command, version, settings }, input),
      });
  }
  return runners;
}

/** Whether anything can segment here; a converted task that is broken counts, for the stage then says what is wrong. */
async function hasProgram({ segmentation: settings }: Config): Promise<boolean> {
  if ((await findProgram(settings.command)) !== undefined) return true;
  const tasks = ['CT', 'MR'].flatMap((modality) => tasksFor(modality, settings));
  const weights = settings.weights !== null && isStoreUri(settings.weights) ? null : settings.weights;
  const isThere = (task: string) =>
    convertedTask(weightsHome({ weights }), task, settings.fast).then(
      (one) => one !== undefined,
      () => true,
    );
  return (await Promise.all(tasks.map(isThere))).includes(true);
}

function notInstalled({ courseId }: SegmentationCourse, command: string) {
  const how =
    'install it with `pip install TotalSegmentator`, convert its tasks with `rtpipeline models add totalsegmentator:<task>`, or set segmentation.enabled to false';
  const message = `${command} is not installed: ${how}`;
  const found = finding('NO_SEGMENTATION_TOOL', courseId, message);
  return { status: 'skipped' as const, reason: message, findings: [found] };
}

/** Some tasks ran and others have no program that runs them: the result is partial. */
function withoutSome(
  result: CourseResult,
  { courseId }: SegmentationCourse,
  command: string,
  lost: string[],
): CourseResult {
  const message = `${lost.join(', ')} did not run: not converted, and ${command} is not installed`;
  const findings = [...result.findings, finding('NO_SEGMENTATION_TOOL', courseId, message)];
  if (result.status === 'failed') return { ...result, findings };
  return { ...result, status: 'partial', reason: message, findings };
}
