import { courseImages } from '../../course-store/images.ts';
import { asksForGpu, deviceHere } from '../../pool/gpus.ts';
import { type Course, imageMiB } from '../../rt/course.ts';
import { runCustomModel } from '../../segmentation/custom-models/custom-model.ts';
import { type NetworkDemand, predictedMiB } from '../../segmentation/custom-models/demand.ts';
import { discoverModels } from '../../segmentation/custom-models/discover.ts';
import type { CustomModel } from '../../segmentation/custom-models/schema.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { folderHere, weightsHere } from './folder-here.ts';
import { SEGMENTATION_READS, type Segmentation, segmentImages } from './segment-images.ts';

/** Memory of a job beside that of its images. */
export const CUSTOM_MODELS_MIB = 4096;

/** Segmentation by models of one's own: each folder with a custom_model.yaml is one. */
export const customModels = defineCourseStage({
  name: 'custom_models',
  reads: SEGMENTATION_READS,
  configuration({ custom_models: { digest, models }, segmentation: { device, fast, force_split, weights } }) {
    return { digest, models, device, fast, force_split, weights };
  },
  means({ custom_models: { workers: _, networks: ___, ...custom }, segmentation }) {
    const { workers: __, device, fast, force_split, weights, ...others } = segmentation;
    return { custom, segmentation: others };
  },
  isForced: (config) => config.custom_models.force,
  claim(course, { custom_models, segmentation }) {
    if (!custom_models.enabled) return { skip: 'disabled: custom_models.enabled is false' };
    if (!course.images.some(({ modality }) => modality === 'CT' || modality === 'MR')) return { skip: 'no CT or MR' };
    const gpus = asksForGpu(segmentation.device) ? 1 : 0;
    return { cpus: 2, memoryMiB: memoryMiB(course, custom_models.networks), gpus, timeoutSeconds: 0 };
  },
  async compute({ course, config, means, force }, context) {
    const root = await folderHere(means.custom.root, context);
    const { models, findings } = await discoverModels(root, config.models);
    const reason = findings.map(({ where, message }) => `${where}: ${message}`).join('; ');
    if (models.length === 0) return { status: 'skipped', reason: reason || 'there are no models', findings };
    const images = await courseImages(course, context);
    const { models: _, digest: __, ...how } = config;
    const weights = await weightsHere(how.weights, context);
    const segmentation = { ...means.segmentation, ...how, weights };
    const wanted = models.flatMap((model) =>
      images
        .filter((image) => image.modality === model.modality && image.role !== 'related')
        .map((image): Segmentation => {
          const { folder: ___, ...settings } = model;
          return {
            ...namesOf(model),
            image,
            settings: { ...settings, ...how },
            async run(input) {
              const device = await deviceHere(segmentation.device);
              return runCustomModel(model, { custom: means.custom, segmentation: { ...segmentation, device } }, input);
            },
          };
        }),
    );
    const result = await segmentImages('custom_models', course, wanted, context, force);
    return { ...result, findings: [...findings, ...result.findings] };
  },
});

/** What the largest image takes of the hungriest network; by the images alone where other programs run a network. */
function memoryMiB(course: Course, networks: NetworkDemand[]): number {
  const usual = CUSTOM_MODELS_MIB + 40 * imageMiB(course);
  const images = course.images.map(({ rows, columns, instances, pixelSpacingMm, sliceIncrementMm }) => {
    const voxels = rows * columns * instances.length;
    const [row = 1, column = 1] = pixelSpacingMm;
    return { voxels, volumeMm3: voxels * row * column * (sliceIncrementMm || 1) };
  });
  const predicted = networks.flatMap((network) => images.map((image) => predictedMiB(network, image) ?? usual));
  return predicted.length === 0 ? usual : Math.max(...predicted);
}

function namesOf(model: CustomModel): Pick<Segmentation, 'model' | 'source' | 'need'> {
  return {
    model: `custom-${model.name.replace(/[^\w.-]/g, '_')}`,
    source: `custom:${model.name}`,
    need: { regions: model.required_body_regions, least: model.min_region_confidence },
  };
}
