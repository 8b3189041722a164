import type { Command } from 'commander';
import { readJsonIfAny, writeJson } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import { networkDemands } from '#lib/segmentation/custom-models/demand.ts';
import { modelsDigest } from '#lib/segmentation/custom-models/digest.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { convertedFacts } from '#lib/segmentation/total-segmentator/converted-facts.ts';
import { modelNumber } from '#lib/segmentation/total-segmentator/task-weights.ts';
import { type PublishedModels, publishedModels } from '#lib/stages/segmentation/published-models.ts';
import { fileStore } from '#lib/store/file.ts';
import { MODELS_ROOT, PUBLISHED_MODELS } from '#lib/store/keys.ts';
import { openStore } from '#lib/store/open.ts';
import { publishFolder } from '#lib/store/published/publish.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { bucketPlace } from '../cloud/place.ts';
import { byteBar } from '../progress/byte-bar.ts';

interface PublishOptions {
  to: string;
  models?: string;
  weights?: string;
}

export function addPublishModels(program: Command): void {
  program
    .command('publish-models')
    .requiredOption('--to <uri>', 's3://<bucket for results>; the deployment prints it')
    .option('--models <dir>', 'folder with your models: one subfolder each, with a custom_model.yaml')
    .option('--weights <dir>', 'folder with further TotalSegmentator weights, beside those in the image')
    .action(async ({ to, models, weights }: PublishOptions) => {
      const { bucket } = bucketPlace(to);
      const store = await openStore(`s3://${bucket}/${MODELS_ROOT}`);
      show(await publishModels(store, { models, weights }));
    });
}

/** Publishes the folders that are given and answers with all that is published then. @throws BadInput */
export async function publishModels(
  store: ObjectStore,
  { models, weights }: Omit<PublishOptions, 'to'>,
): Promise<PublishedModels> {
  const published = await publishedIn(store);
  if (models !== undefined) published.custom = await customModels(models, store);
  if (weights !== undefined) published.weights = await weightsOf(weights, store);
  if (models !== undefined || weights !== undefined) await writeJson(store, PUBLISHED_MODELS, published);
  return published;
}

async function publishedIn(store: ObjectStore): Promise<PublishedModels> {
  return publishedModels.parse((await readJsonIfAny(store, PUBLISHED_MODELS)) ?? {});
}

/** @throws BadInput where a model of the folder is broken or lacks its weights: on AWS it would be missing in every run */
async function customModels(folder: string, store: ObjectStore): Promise<PublishedModels['custom']> {
  const { models, findings } = await discoverModels(folder, []);
  if (findings.length > 0)
    throw new BadInput(findings.map(({ where, message }) => `${where}: ${message}`).join('; '), { where: folder });
  if (models.length === 0) throw new BadInput('no subfolder holds a custom_model.yaml', { where: folder });
  const root = await published(folder, store);
  return {
    root,
    digest: (await modelsDigest(folder)) ?? '',
    models: await Promise.all(
      models.map(async ({ name, nnunet, networks }) => ({
        name,
        networks: await networkDemands(folder, [name]),
        tasks: nnunet.interface === 'totalsegmentator' ? networks.map(({ task, id }) => task ?? id) : [],
      })),
    ),
  };
}

async function weightsOf(folder: string, store: ObjectStore): Promise<PublishedModels['weights']> {
  const numbers = new Set<number>();
  for await (const { key } of fileStore(folder).list('')) {
    const number = modelNumber(key.split('/')[0]);
    if (number !== undefined) numbers.add(number);
  }
  const converted = await convertedFacts(folder);
  if (numbers.size === 0 && converted.length === 0)
    throw new BadInput(
      'no folder like Dataset297_... or converted/total found: name the weights folder of TotalSegmentator',
      {
        where: folder,
      },
    );
  return { root: await published(folder, store), models: [...numbers].sort((a, b) => a - b), converted };
}

async function published(folder: string, store: ObjectStore): Promise<string> {
  const files = fileStore(folder);
  let total = 0;
  for await (const { bytes } of files.list('')) total += bytes;
  const progress = byteBar('publishing', total);
  return publishFolder(files, store, progress.add).finally(progress.stop);
}

function show({ custom, weights }: PublishedModels): void {
  console.log(`models: ${custom ? `${custom.models.map(({ name }) => name).join(', ')} (${custom.root})` : 'none'}`);
  const brought = weights && [...weights.models, ...weights.converted.map(({ name }) => `${name} without Python`)];
  console.log(`weights: ${brought ? `${brought.join(', ')} (${weights.root})` : 'only those in the image'}`);
}
