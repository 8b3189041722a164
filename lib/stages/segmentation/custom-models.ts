import type { Config } from '../../config.ts';
import { courseImages, type ImageRecord } from '../../course-store/images.ts';
import { sha256, stableJson } from '../../course-store/json.ts';
import { deviceHere } from '../../pool/gpus.ts';
import { imageMiB } from '../../rt/course.ts';
import { runCustomModel } from '../../segmentation/custom-models/custom-model.ts';
import { discoverModels } from '../../segmentation/custom-models/discover.ts';
import type { CustomModel } from '../../segmentation/custom-models/schema.ts';
import type { CourseResult, CourseStage } from '../course-stage.ts';
import { type Segmentation, segmentImages } from './segment-images.ts';

/** Memory of a job beside that of its images. */
export const CUSTOM_MODELS_MIB = 4096;

/** Segmentation by models of one's own: each folder with a custom_model.yaml is one. */
export const customModels: CourseStage = {
  name: 'custom_models',
  configuration: ({ custom_models, segmentation }: Config) => ({ custom_models, device: segmentation.device }),
  isForced: (config) => config.custom_models.force,
  claim(course, { custom_models, segmentation }) {
    if (!custom_models.enabled) return { skip: 'disabled: custom_models.enabled is false' };
    if (!course.images.some(({ modality }) => modality === 'CT' || modality === 'MR')) return { skip: 'no CT or MR' };
    const gpu = segmentation.device === 'gpu' ? 1 : 0;
    return { vcpus: 2, memoryMiB: CUSTOM_MODELS_MIB + 40 * imageMiB(course), gpu, timeoutSeconds: 0 };
  },
  async compute(course, config, context, force) {
    const { root, models: names } = config.custom_models;
    const { models, findings } = await discoverModels(root, names);
    const reason = findings.map(({ where, message }) => `${where}: ${message}`).join('; ');
    if (models.length === 0) return { status: 'skipped', reason: reason || 'there are no models', findings };
    const images = await courseImages(course, context, sha256(stableJson(course.images)));
    const wanted = models.flatMap((model) =>
      images
        .filter((image) => image.modality === model.modality && image.role !== 'related')
        .map((image) => segmentationOf(model, image, config)),
    );
    const result = await segmentImages('custom_models', course, wanted, context, force);
    return { ...result, findings: [...findings, ...result.findings] } satisfies CourseResult;
  },
};

function segmentationOf(model: CustomModel, image: ImageRecord, config: Config): Segmentation {
  const { folder: _, ...settings } = model;
  return {
    model: `custom-${model.name.replace(/[^\w.-]/g, '_')}`,
    source: `custom:${model.name}`,
    image,
    need: { regions: model.required_body_regions, least: model.min_region_confidence },
    settings: { ...settings, device: config.segmentation.device },
    async run(input) {
      const device = await deviceHere(config.segmentation.device);
      const settings = { segmentation: { ...config.segmentation, device }, custom: config.custom_models };
      return runCustomModel(model, settings, input);
    },
  };
}
