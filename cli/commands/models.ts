import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '#lib/config.ts';
import { BadConfig } from '#lib/errors.ts';
import { addModel } from '#lib/segmentation/conversion/add-model.ts';
import { readManifest } from '#lib/segmentation/conversion/manifest.ts';
import { removeModel, verifyModel } from '#lib/segmentation/conversion/verify-model.ts';
import { discoverModels } from '#lib/segmentation/custom-models/discover.ts';
import { isStoreUri } from '#lib/store/published/manifest.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { textTable } from '../text-table.ts';

interface AddFlags extends ConfigFlags {
  name: string;
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
    .description('convert a trained nnU-Net v2 model. This step alone needs a Python with PyTorch and nnunetv2')
    .argument(
      '<folder|zip>',
      'folder of the trained configuration or of its dataset, or a ZIP from nnUNetv2_export_model_to_zip',
    )
    .requiredOption('--name <name>', 'name of the model; its structures get the source custom:<name>')
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
    const custom_models = await settingsFrom(flags);
    const folder = await addModel(custom_models.root, location, {
      ...flags,
      folds: flags.folds ?? [],
      activate: custom_models.conda_activate,
      signal: new AbortController().signal,
    });
    console.log(`${flags.name} is in ${folder}`);
    for (const line of usage(custom_models)) console.log(line);
  });
  addConfigFlags(models.command('list').description('list the models in the folder custom_models.root')).action(
    async (flags) => {
      const custom_models = await settingsFrom(flags);
      await list(custom_models.root);
    },
  );
  const verify = models
    .command('verify')
    .description('check the files of models against their manifests, and their results against those of PyTorch')
    .argument('[names...]', 'models to verify (default: all added models)');
  addConfigFlags(verify).action(async (names: string[], flags) => {
    const custom_models = await settingsFrom(flags);
    await verifyAll(custom_models.root, names);
  });
  const remove = models.command('remove').description('delete an added model').argument('<name>');
  addConfigFlags(remove).action(async (name: string, flags) => {
    const custom_models = await settingsFrom(flags);
    console.log(`removed ${await removeModel(custom_models.root, name)}`);
  });
}

/** @throws BadConfig where the models lie in a store */
async function settingsFrom(flags: ConfigFlags): Promise<Config['custom_models']> {
  const { custom_models } = (await configFrom(flags)).config;
  if (isStoreUri(custom_models.root))
    throw new BadConfig(
      'custom_models.root names a published folder. Name the folder on this machine, then publish it again',
    );
  return custom_models;
}

/** What a run has to be told to use the model. */
function usage({ enabled, root, models }: Config['custom_models']): string[] {
  const set = [
    ...(enabled ? [] : ['--set custom_models.enabled=true']),
    ...(enabled && models.length === 0 ? [] : [`--set custom_models.root=${resolve(root)}`]),
  ];
  return set.length === 0 ? [] : [`a run uses it with ${set.join(' ')}`];
}

async function list(root: string): Promise<void> {
  const { models, findings } = await discoverModels(root, []);
  const rows = await Promise.all(
    models.map(async ({ name, folder, modality, nnunet, networks }) => {
      const manifest = await readManifest(folder);
      const made = manifest?.networks.map(({ configuration }) => configuration).join(' + ') ?? '';
      const structures = new Set(networks.flatMap((network) => network.label_order)).size;
      const runs = nnunet.interface === 'onnx' ? 'without Python' : `by ${nnunet.interface}`;
      return [name, modality, structures, runs, made, manifest?.licence ?? 'not stated'];
    }),
  );
  console.log(textTable(['model', 'modality', 'structures', 'runs', 'made of', 'licence'], rows));
  for (const { where, message } of findings) console.error(`${where}: ${message}`);
}

async function verifyAll(root: string, names: string[]): Promise<void> {
  const there = (await discoverModels(root, names)).models;
  const lost = names.filter((name) => !there.some((model) => model.name.toLowerCase() === name.toLowerCase()));
  for (const name of lost) tellBad(name, 'this model does not exist or cannot be read');
  for (const { name, folder } of there) {
    const amiss = await verifyModel(folder);
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
