import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '#lib/config.ts';
import { BadConfig, BadInput, describeError } from '#lib/errors.ts';
import { addModel } from '#lib/segmentation/conversion/add-model.ts';
import { addTask } from '#lib/segmentation/conversion/add-task.ts';
import { readManifest } from '#lib/segmentation/conversion/manifest.ts';
import { removeModel, verifyModel } from '#lib/segmentation/conversion/verify-model.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { inScratchFolder } from '#lib/segmentation/scratch-folder.ts';
import { convertedRoot } from '#lib/segmentation/total-segmentator/converted-tasks.ts';
import { weightsHome } from '#lib/segmentation/total-segmentator/home-folder.ts';
import { openStore } from '#lib/store/open.ts';
import { isStoreUri } from '#lib/store/published/manifest.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { modelHere, storeOf } from '../models/model-here.ts';
import { textTable } from '../text-table.ts';

interface AddFlags extends ConfigFlags {
  name?: string;
  weights?: string;
  fast?: boolean;
  configuration?: string;
  folds?: string[];
  checkpoint: string;
  modality?: string;
  orientation?: string;
  licence?: string;
  python: string;
}

/** What a check found amiss. */
const BAD = 2;

export function addModels(program: Command): void {
  const models = program.command('models');
  const add = models
    .command('add')
    .description(
      'convert a trained nnU-Net v2 model or a task of TotalSegmentator. This step alone needs a Python with PyTorch and nnunetv2',
    )
    .argument(
      '<model>',
      'folder of the trained configuration or of its dataset, a ZIP from nnUNetv2_export_model_to_zip, either of them at s3://, or totalsegmentator:<task>',
    )
    .option(
      '--name <name>',
      'name of the model; its structures get the source custom:<name>. A task keeps its own name',
    )
    .option(
      '--weights <folder>',
      'of a task: the folder with the weights of TotalSegmentator (default: its own folder)',
    )
    .option('--fast', 'of a task: its model for 3 mm')
    .option(
      '--configuration <name>',
      'which configuration to take if there are several: 3d_fullres, 2d, 3d_lowres, 3d_cascade_fullres',
    )
    .option('--folds <folds...>', 'only these folds; the results of all folds are averaged')
    .option('--checkpoint <file>', 'checkpoint file of each fold', 'checkpoint_final.pth')
    .option('--modality <modality>', 'CT or MR, if dataset.json does not say it')
    .option('--orientation <axes>', 'axis directions of the training images: LAS (as dcm2niix writes them), LPS or RAS')
    .option('--licence <text>', 'licence of the weights, noted in the manifest')
    .option(
      '--python <program>',
      'Python with PyTorch and nnunetv2; custom_models.conda_activate runs first',
      'python3',
    );
  addConfigFlags(add).action(async (location: string, flags: AddFlags) => {
    const task = /^totalsegmentator:(.*)$/i.exec(location)?.[1];
    if (task === undefined) await addTrained(location, flags);
    else await addTotalSegmentator(task, flags);
  });
  addConfigFlags(
    models
      .command('list')
      .description('list the models in custom_models.root, and the converted tasks of TotalSegmentator'),
  ).action(async (flags) => list(await rootsFrom(flags)));
  const verify = models
    .command('verify')
    .description('check the files of models against their manifests, and their results against those of PyTorch')
    .argument('[names...]', 'models to verify (default: all added models)');
  addConfigFlags(verify).action(async (names: string[], flags) => {
    await verifyAll(await rootsFrom(flags), names);
  });
  const remove = models.command('remove').description('delete an added model').argument('<name>');
  addConfigFlags(remove).action(async (name: string, flags) => {
    const [own, converted] = await rootsFrom(flags);
    const parents = (await modelsIn([own, converted], [name])).models.map(({ folder }) => dirname(folder));
    const isTask = parents.includes(resolve(converted)) && !parents.includes(resolve(own));
    console.log(`removed ${await removeModel(isTask ? converted : own, name)}`);
  });
}

async function addTrained(location: string, { name, weights, fast, ...flags }: AddFlags): Promise<void> {
  if (name === undefined) throw new BadInput('set --name: the name of the model');
  if (weights !== undefined || fast) throw new BadInput('--weights and --fast are only for totalsegmentator:<task>');
  const { custom_models } = await settingsFrom(flags);
  const { signal } = new AbortController();
  const options = { ...flags, name, folds: flags.folds ?? [], activate: custom_models.conda_activate, signal };
  const folder = isStoreUri(location)
    ? await inScratchFolder(async (scratch) => {
        const here = await modelHere(await openStore(storeOf(location)), location, scratch);
        return addModel(custom_models.root, here, options);
      })
    : await addModel(custom_models.root, location, options);
  console.log(`${name} is in ${folder}`);
  for (const line of usage(custom_models)) console.log(line);
}

async function addTotalSegmentator(task: string, flags: AddFlags): Promise<void> {
  const unused = Object.entries({
    ...{ '--name': flags.name, '--configuration': flags.configuration, '--folds': flags.folds },
    ...{ '--modality': flags.modality, '--orientation': flags.orientation, '--licence': flags.licence },
  }).find(([, value]) => value !== undefined);
  if (unused) throw new BadInput(`${unused[0]} is not for tasks of TotalSegmentator: they bring it along`);
  const { custom_models, segmentation } = await settingsFrom(flags);
  const weights = flags.weights ?? weightsHome(segmentation);
  const to = segmentation.weights ?? weights;
  const { folder, withoutSubset } = await addTask(to, task, {
    weights,
    fast: flags.fast ?? false,
    hasLicence: segmentation.license !== null,
    python: flags.python,
    activate: custom_models.conda_activate,
    signal: new AbortController().signal,
  });
  console.log(`${task} is in ${folder}`);
  if (withoutSubset.length > 0)
    console.log(`without ${withoutSubset.join(', ')}, segmentation.roi_subset looks at the whole image: slower`);
  if (to !== weightsHome(segmentation)) console.log(`a run uses it with --set segmentation.weights=${resolve(to)}`);
}

/** @throws BadConfig where the models lie in a store */
async function settingsFrom(flags: ConfigFlags): Promise<Pick<Config, 'custom_models' | 'segmentation'>> {
  const { custom_models, segmentation } = (await configFrom(flags)).config;
  for (const [key, folder] of [
    ['custom_models.root', custom_models.root],
    ['segmentation.weights', segmentation.weights ?? ''],
  ])
    if (isStoreUri(folder))
      throw new BadConfig(`${key} names a published folder. Name the folder on this machine, then publish it again`);
  return { custom_models, segmentation };
}

/** The folders that hold models: those of the user, and converted tasks of TotalSegmentator. */
async function rootsFrom(flags: ConfigFlags): Promise<string[]> {
  const { custom_models, segmentation } = await settingsFrom(flags);
  return [custom_models.root, convertedRoot(weightsHome(segmentation))];
}

/** The models of all folders, and what is amiss; a folder of converted tasks that does not exist is no fault. */
async function modelsIn([own, converted]: string[], names: string[]) {
  const mine = await discoverModels(own, []);
  const tasks = (await discoverModels(converted, [])).models;
  const all = [...mine.models, ...tasks];
  const isWanted = ({ name }: { name: string }) =>
    names.length === 0 || names.some((one) => one.toLowerCase() === name.toLowerCase());
  return { models: all.filter(isWanted), findings: mine.findings };
}

/** The settings that make a run use the model. */
function usage({ enabled, root, models }: Config['custom_models']): string[] {
  const set = [
    ...(enabled ? [] : ['--set custom_models.enabled=true']),
    ...(enabled && models.length === 0 ? [] : [`--set custom_models.root=${resolve(root)}`]),
  ];
  return set.length === 0 ? [] : [`a run uses it with ${set.join(' ')}`];
}

async function list(roots: string[]): Promise<void> {
  const { models, findings } = await modelsIn(roots, []);
  const rows = await Promise.all(
    models.map(async ({ name, folder, modality, nnunet, networks, steps }) => {
      const manifest = await readManifest(folder).catch((error) => tellBad(name, describeError(error)));
      const made = manifest?.networks.map(({ configuration }) => configuration).join(' + ') ?? '';
      const structures = steps
        ? Object.keys(steps[steps.length - 1].labels)
        : networks.flatMap((one) => one.label_order);
      const runs = nnunet.interface === 'onnx' ? 'without Python' : `by ${nnunet.interface}`;
      return [name, modality, new Set(structures).size, runs, made, manifest?.licence ?? 'not stated'];
    }),
  );
  console.log(textTable(['model', 'modality', 'structures', 'runs', 'made of', 'licence'], rows));
  for (const { where, message } of findings) console.error(`${where}: ${message}`);
}

async function verifyAll(roots: string[], names: string[]): Promise<void> {
  const there = (await modelsIn(roots, names)).models;
  const lost = names.filter((name) => !there.some((model) => model.name.toLowerCase() === name.toLowerCase()));
  for (const name of lost) tellBad(name, 'this model does not exist or cannot be read');
  for (const { name, folder } of there) {
    const amiss = await verifyModel(folder).catch((error) => [describeError(error)]);
    if (amiss === undefined)
      console.log(`${name}: not checked: it has no manifest, because \`models add\` did not create it`);
    else if (amiss.length === 0) console.log(`${name}: ok`);
    else for (const line of amiss) tellBad(name, line);
  }
}

function tellBad(name: string, line: string): void {
  console.error(`${name}: ${line}`);
  process.exitCode = BAD;
}
