import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BadInput } from '../../errors.ts';
import { channelsOf } from '../custom-models/dataset-channels.ts';
import { readModelJson } from '../custom-models/model-json.ts';
import { type Plan, readPlan } from '../nnunet/plans.ts';

/** A configuration that nnU-Net v2 trained: the folder with plans.json, dataset.json and the folds. */
export interface TrainedModel {
  folder: string;
  /** `3d_fullres`, ... */
  configuration: string;
  folds: string[];
  plan: Plan;
  dataset: Dataset;
  /** How images were read: NibabelIOWithReorient turns them, the others take them as they lie in the file. */
  reader: string;
}

interface Dataset {
  labels: Record<string, unknown>;
  channels: string[];
}

export interface TrainedChoice {
  /** Needed where a folder holds several. */
  configuration?: string;
  checkpoint: string;
  /** All that there are when empty. */
  folds: string[];
}

const PLANS = 'plans.json';
const DATASET = 'dataset.json';
const FOLD = /^fold_(all|\d+)$/;
/** nnUNet_results / Dataset / trainer__plans__configuration. */
const DEPTH = 3;

/**
 * The configurations to convert, in the order they run in: one, or both of a cascade.
 * @param location a folder of a trained configuration, or one above it: of a data set, or nnUNet_results
 * @throws BadInput when there is none, more than one to choose from, or one that the product cannot run
 */
export async function trainedModels(location: string, choice: TrainedChoice): Promise<TrainedModel[]> {
  const found = await foldersWithPlans(location, DEPTH);
  if (found.length === 0) await refuseWithoutPlans(location);
  const named = found.map((folder) => ({ folder, configuration: configurationOf(folder) }));
  const last = chosen(named, choice.configuration);
  const model = await readTrained(last.folder, last.configuration, choice);
  const { previousStage } = model.plan;
  if (!previousStage) return [model];
  const first = join(dirname(last.folder), basename(last.folder).split('__').with(-1, previousStage).join('__'));
  if (!existsSync(join(first, PLANS)))
    throw new BadInput(
      `${last.configuration} refines the result of ${previousStage}, but ${basename(first)} is not beside it`,
      { where: basename(last.folder) },
    );
  return [await readTrained(first, previousStage, { ...choice, configuration: previousStage }), model];
}

async function foldersWithPlans(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === PLANS)) return [folder];
  if (depth === 0) return [];
  const inside = entries.filter((entry) => entry.isDirectory() && !FOLD.test(entry.name));
  const deeper = await Promise.all(inside.map(({ name }) => foldersWithPlans(join(folder, name), depth - 1)));
  return deeper.flat().sort();
}

async function refuseWithoutPlans(location: string): Promise<never> {
  const files = await readdir(location, { recursive: true }).catch(() => undefined);
  if (!files) throw new BadInput('this folder does not exist', { where: location });
  if (files.some((name) => basename(name) === 'plans.pkl'))
    throw new BadInput('this is a model of nnU-Net version 1: it runs only with its program (interface: nnunetv1)', {
      where: location,
    });
  throw new BadInput(`no folder here contains the ${PLANS} of a trained nnU-Net v2 model`, { where: location });
}

/** nnU-Net names the folder `<trainer>__<plans>__<configuration>`. */
function configurationOf(folder: string): string | undefined {
  const parts = basename(folder).split('__');
  return parts.length === 3 ? parts[2] : undefined;
}

interface Named {
  folder: string;
  configuration?: string;
}

function chosen(found: Named[], wanted: string | undefined): { folder: string; configuration: string } {
  const there = found.map(({ folder }) => basename(folder)).join(', ');
  const fits = found.filter(({ configuration }) => wanted === undefined || (configuration ?? wanted) === wanted);
  if (fits.length === 0) throw new BadInput(`no trained ${wanted} found; there are ${there}`);
  if (fits.length > 1)
    throw new BadInput(`there are several configurations; choose one with --configuration or its folder: ${there}`);
  const configuration = fits[0].configuration ?? wanted;
  if (configuration === undefined)
    throw new BadInput(
      'the name of the folder does not show its configuration: set, for example, --configuration 3d_fullres',
      {
        where: there,
      },
    );
  return { folder: fits[0].folder, configuration };
}

/** @throws BadInput when a file is missing or broken, BadConfig for plans that the product cannot run */
export async function readTrained(folder: string, configuration: string, choice: TrainedChoice): Promise<TrainedModel> {
  const where = basename(folder);
  const plans = await readModelJson(join(folder, PLANS));
  const dataset = await readModelJson(join(folder, DATASET));
  return {
    folder,
    configuration,
    plan: readPlan(plans, configuration),
    folds: await foldsOf(folder, choice, where),
    dataset: datasetOf(dataset, where),
    reader: isMap(plans) && typeof plans.image_reader_writer === 'string' ? plans.image_reader_writer : '',
  };
}

async function foldsOf(folder: string, { folds, checkpoint }: TrainedChoice, where: string): Promise<string[]> {
  const entries = await readdir(folder);
  const there = entries.flatMap((name) => FOLD.exec(name)?.[1] ?? []).sort();
  const numbered = there.filter((fold) => fold !== 'all');
  const wanted = folds.length > 0 ? folds : numbered.length > 0 ? numbered : there;
  if (wanted.length === 0) throw new BadInput('there is no fold_0 or fold_all with weights', { where });
  for (const fold of wanted) {
    if (!there.includes(fold))
      throw new BadInput(`fold ${fold} does not exist; there are ${there.join(', ')}`, { where });
    const files = await readdir(join(folder, `fold_${fold}`));
    if (files.includes(checkpoint)) continue;
    const weights = files.filter((name) => name.endsWith('.pth')).join(', ');
    throw new BadInput(`fold_${fold} has no ${checkpoint}${weights && `; set --checkpoint to one of ${weights}`}`, {
      where,
    });
  }
  return wanted;
}

function datasetOf(json: unknown, where: string): Dataset {
  const labels = isMap(json) && isMap(json.labels) ? json.labels : {};
  const channels = channelsOf(json);
  if (Object.keys(labels).length < 2) throw new BadInput(`${DATASET} names no labels`, { where });
  return { labels, channels };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
