import { z } from 'zod';
import { convertedTask } from '../../config/segmentation.ts';
import { networkSize } from '../../config/values.ts';
import type { Config } from '../../config.ts';
import { usedFacts } from '../../segmentation/total-segmentator/converted-facts.ts';
import { convertedName } from '../../segmentation/total-segmentator/converted-tasks.ts';
import { needsLicence } from '../../segmentation/total-segmentator/licences.ts';
import { lackingWeights, weightsBroughtBy } from '../../segmentation/total-segmentator/task-weights.ts';
import { tasksFor } from '../../segmentation/total-segmentator/tasks.ts';
import { isStoreUri } from '../../store/published/manifest.ts';

const publishedModel = z.strictObject({
  name: z.string(),
  /** As `custom_models.networks` of the configuration. */
  networks: z.array(networkSize),
  /** Tasks of TotalSegmentator that it runs. */
  tasks: z.array(z.string()),
});
export type PublishedModel = z.infer<typeof publishedModel>;

/** `models/published.json` of a bucket: the models and weights that its deployment has beside its images. */
export const publishedModels = z.strictObject({
  custom: z
    .strictObject({
      /** URI of the folder of models. */
      root: z.string(),
      /** As `custom_models.digest` of the configuration. */
      digest: z.string(),
      models: z.array(publishedModel),
    })
    .optional(),
  weights: z
    .strictObject({
      /** URI of the folder of weights. */
      root: z.string(),
      /** Numbers of TotalSegmentator's models in it. */
      models: z.array(z.int()),
      /** Converted tasks in it. */
      converted: z.array(convertedTask).default([]),
    })
    .optional(),
});
export type PublishedModels = z.infer<typeof publishedModels>;

/**
 * The configuration with the published folders filled in where it names none. A folder that the deployment's own
 * configuration names, for example in its own image, stays. Converted tasks are those that are published: what lies on the
 * machine of the person is not there.
 */
export function withPublishedModels(config: Config, { custom, weights }: PublishedModels): Config {
  const { segmentation, custom_models } = config;
  const root = segmentation.weights ?? weights?.root ?? null;
  const there = weights && root === weights.root ? weights.converted : [];
  return {
    ...config,
    segmentation: { ...segmentation, weights: root, converted: usedFacts(there, segmentation) },
    custom_models: custom && custom_models.enabled ? withRoot(custom_models, custom) : custom_models,
  };
}

function withRoot(settings: Config['custom_models'], { root, digest, models }: NonNullable<PublishedModels['custom']>) {
  if (settings.root !== DEFAULT_ROOT) return settings;
  const { chosen } = chosenModels(models, settings.models);
  return { ...settings, root, digest, networks: chosen.flatMap(({ networks }) => networks) };
}

/** Where nothing is said of a folder. */
const DEFAULT_ROOT = 'custom_models';

/**
 * What a configuration needs for segmentation that the deployment does not have, a sentence each. It is asked before a
 * run: a model that is not there would make another table, or fail every course.
 * @param config with the published folders in it
 * @param imageWeights names that `totalseg_download_weights` took when the image was built
 */
export function lackingModels(config: Config, { custom, weights }: PublishedModels, imageWeights: string[]): string[] {
  const { segmentation, custom_models } = config;
  const models = custom_models.enabled && isStoreUri(custom_models.root) ? (custom?.models ?? []) : [];
  const { chosen, unknown } = chosenModels(models, custom_models.models);
  const own = segmentation.enabled ? ['CT', 'MR'].flatMap((modality) => tasksFor(modality, segmentation)) : [];
  const ofModels = chosen.flatMap(({ tasks }) => tasks);
  const isChecked = segmentation.weights === null || isStoreUri(segmentation.weights);
  const there = new Set([...imageWeights.flatMap(weightsBroughtBy), ...(weights?.models ?? [])]);
  const isConverted = (task: string) =>
    segmentation.converted.some(({ name }) => name === convertedName(task, segmentation.fast));
  const byProgram = [...new Set(own)].filter((task) => !isConverted(task));
  const lacking = [
    ...lackingWeights(byProgram, segmentation, there).lacking,
    ...lackingWeights([...new Set(ofModels)], { ...segmentation, roi_subset: null }, there).lacking,
  ];
  return [
    ...(custom_models.enabled && custom_models.root === DEFAULT_ROOT
      ? [`custom_models.enabled: no models are published; ${publish('--models')}, or set it to false`]
      : []),
    ...(models.length > 0 ? unknown : []).map(
      (name) => `custom_models.models: no published model has the name ${name}`,
    ),
    ...(isChecked ? lacking : []).map(
      ({ task, models: numbers }) =>
        `segmentation: the weights of ${task} are missing (models ${numbers.join(', ')}); ${publish('--weights')}`,
    ),
    ...[...new Set([...own, ...ofModels])]
      .filter((task) => needsLicence(task) && !segmentation.license)
      .map((task) => `segmentation.license: ${task} needs a licence number of TotalSegmentator`),
  ];
}

const publish = (what: string) => `\`rtpipeline publish-models ${what} <folder> --to s3://<results>\` publishes them`;

/** The models of these names, whatever the case; all when none is named. */
function chosenModels(models: PublishedModel[], names: string[]): { chosen: PublishedModel[]; unknown: string[] } {
  if (names.length === 0) return { chosen: models, unknown: [] };
  const of = (name: string) => models.find((model) => model.name.toLowerCase() === name.toLowerCase());
  return { chosen: names.flatMap((name) => of(name) ?? []), unknown: names.filter((name) => !of(name)) };
}
