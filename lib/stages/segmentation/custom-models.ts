import { courseImages } from '../../course-store/images.ts';
import { type Finding, finding } from '../../findings.ts';
import { asksForGpu, deviceHere } from '../../pool/gpus.ts';
import { runCustomModel } from '../../segmentation/custom-models/custom-model.ts';
import { discoverModels } from '../../segmentation/custom-models/discover.ts';
import type { CustomModel } from '../../segmentation/custom-models/schema.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { claimedMiB } from './claimed-memory.ts';
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
    return {
      cpus: 2,
      memoryMiB: claimedMiB(course, course.images, custom_models.networks, CUSTOM_MODELS_MIB),
      gpus,
      timeoutSeconds: 0,
    };
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
    const idle = withoutImage(models, wanted);
    const all = [...findings, ...idle, ...result.findings];
    if (wanted.length > 0) return { ...result, findings: all };
    return { status: 'skipped', reason: idle.map(({ message }) => message).join('; '), findings: all };
  },
});

/** A model that no image of the course is for: that is said, for its modality may be wrong. */
function withoutImage(models: CustomModel[], wanted: Segmentation[]): Finding[] {
  const used = new Set(wanted.map(({ source }) => source));
  return models
    .filter((model) => !used.has(namesOf(model).source))
    .map(({ name, modality }) =>
      finding(
        'CUSTOM_MODEL_WITHOUT_IMAGE',
        name,
        `${name} is for ${modality}, of which the course has no image to segment`,
      ),
    );
}

function namesOf(model: CustomModel): Pick<Segmentation, 'model' | 'source' | 'need'> {
  return {
    model: `custom-${model.name.replace(/[^\w.-]/g, '_')}`,
    source: `custom:${model.name}`,
    need: { regions: model.required_body_regions, least: model.min_region_confidence },
  };
}
