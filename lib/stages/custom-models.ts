import type { Config } from '../config.ts';
import { type Finding, finding } from '../finding.ts';
import type { Course } from '../rt/course.ts';
import { runCustomModel } from '../segmentation/custom-models/custom-model.ts';
import { discoverModels } from '../segmentation/custom-models/discover.ts';
import { regionConfidence } from '../segmentation/custom-models/regions.ts';
import type { CustomModel } from '../segmentation/custom-models/schema.ts';
import { courseImages, type ImageRecord } from './course-images.ts';
import type { CourseResult, CourseStage } from './course-stage.ts';
import { readJsonIfAny, sha256, stableJson } from './json.ts';
import { type Segmentation, type SegmentationList, segmentationListKey, segmentImages } from './segment-images.ts';
import type { StageContext } from './stage.ts';
import { imageMiB } from './structures.ts';

/** Segmentation by models of one's own: each folder with a custom_model.yaml is one. */
export const customModels: CourseStage = {
  name: 'custom_models',
  after: ['segmentation'],
  configuration: ({ custom_models, segmentation }: Config) => ({ custom_models, device: segmentation.device }),
  isForced: (config) => config.custom_models.force,
  claim(course, { custom_models, segmentation }) {
    if (!custom_models.enabled) return { skip: 'disabled: custom_models.enabled is false' };
    if (!course.images.some(({ modality }) => modality === 'CT' || modality === 'MR')) return { skip: 'no CT or MR' };
    const gpu = segmentation.device === 'gpu' ? 1 : 0;
    return { vcpus: 2, memoryMiB: 4096 + 40 * imageMiB(course), gpu, timeoutSeconds: 0 };
  },
  async compute(course, config, context, force) {
    const { root, models: names } = config.custom_models;
    const { models, findings } = await discoverModels(root, names);
    const reason = findings.map(({ where, message }) => `${where}: ${message}`).join('; ');
    if (models.length === 0) return { status: 'skipped', reason: reason || 'there are no models', findings };
    const images = await courseImages(course, context, sha256(stableJson(course.images)));
    const wanted: Segmentation[] = [];
    for (const model of models) {
      const chosen = images.filter((image) => image.modality === model.modality && image.role !== 'related');
      for (const image of chosen) {
        const absent = await absentRegion(course, model, image, context);
        if (absent) findings.push(absent);
        else wanted.push(segmentationOf(model, image, config));
      }
    }
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
    settings: { ...settings, device: config.segmentation.device },
    run: (input) => runCustomModel(model, { segmentation: config.segmentation, custom: config.custom_models }, input),
  };
}

/** A region that the model asks for and that the image does not show, by what TotalSegmentator found in it. */
async function absentRegion(
  course: Course,
  model: CustomModel,
  image: ImageRecord,
  { store }: StageContext,
): Promise<Finding | undefined> {
  if (model.required_body_regions.length === 0 || !image.grid) return undefined;
  const where = image.seriesInstanceUid;
  const list = await readJsonIfAny<SegmentationList>(store, segmentationListKey(course.courseId, 'segmentation'));
  const total = list?.segmentations.find(
    (record) => record.model === 'total' && record.imageNumber === image.number && record.status === 'ok',
  );
  if (!total) return undefined;
  const labels = total.parts.flatMap((part) => part.labels);
  const voxelCc = image.grid.spacingMm.reduce((product, mm) => product * mm, 1) / 1000;
  for (const region of model.required_body_regions) {
    const confidence = regionConfidence(region, labels, voxelCc);
    if (confidence >= model.min_region_confidence) continue;
    const message = `${model.name} is left out: the image shows ${region} with confidence ${confidence} only`;
    return finding('info', 'CUSTOM_MODEL_REGION_ABSENT', where, message);
  }
  return undefined;
}
