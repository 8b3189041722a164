import { randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import { BadInput, PipelineError } from '../../errors.ts';
import { runProgram } from '../../pool/program.ts';
import { activated } from '../custom-models/command-lines.ts';
import { labelOrderOf } from '../custom-models/dataset-labels.ts';
import { MANIFEST_FILE } from '../custom-models/digest.ts';
import { MODEL_FILE } from '../custom-models/discover.ts';
import { parseCustomModel } from '../custom-models/schema.ts';
import { unpackWeights } from '../custom-models/weights.ts';
import { inScratchFolder } from '../scratch-folder.ts';
import { checkLogits } from './check-logits.ts';
import { fileSha256, filesOf, type Manifest } from './manifest.ts';
import { type TrainedChoice, type TrainedModel, trainedModels } from './trained-model.ts';

export interface AddOptions extends TrainedChoice {
  name: string;
  /** CT or MR; absent: as dataset.json says. */
  modality?: string;
  /** How the axes of the training images pointed; absent: as nnU-Net read them, else LAS. */
  orientation?: string;
  licence?: string;
  /** The interpreter that has PyTorch and nnunetv2. */
  python: string;
  /** Shell command that comes before it. */
  activate: string | null;
  signal: AbortSignal;
}

/** What the exporter tells in export.json. */
const exportSchema = z.union([
  z.strictObject({ refused: z.string() }),
  z.strictObject({
    trainer: z.string(),
    patch: z.array(z.int().positive()),
    channels: z.int().positive(),
    classes: z.int().positive(),
    mirror_axes: z.array(z.int().min(0).max(2)),
    checks: z.record(z.string(), z.strictObject({ step: z.int().positive(), logits: z.array(z.number()) })),
    versions: z.record(z.string(), z.string()),
  }),
]);
type Exported = Exclude<z.infer<typeof exportSchema>, { refused: string }>;

const EXPORTER = fileURLToPath(new URL('./export_nnunet.py', import.meta.url));
const NAME = /^[A-Za-z0-9][\w.-]*$/;
const PLANS_FILES = ['plans.json', 'dataset.json'];

/**
 * Converts a trained nnU-Net v2 model to ONNX and puts it into the folder of models as `<root>/<name>`, whole or not at
 * all. Its networks are asked once by ONNX Runtime; the model is refused when they answer otherwise than PyTorch.
 * @param location a folder, or a ZIP as nnUNetv2_export_model_to_zip writes it
 * @returns the folder of the model
 * @throws BadInput naming what cannot be converted, and when Python fails
 */
export async function addModel(root: string, location: string, options: AddOptions): Promise<string> {
  const { name } = options;
  if (!NAME.test(name))
    throw new BadInput(
      `--name ${JSON.stringify(name)} has characters that are not allowed; use letters, digits, _ . and -`,
    );
  const folder = resolve(root, name);
  if (await isThere(folder)) throw new BadInput(`a model ${name} exists already: remove it first`, { where: root });
  const info = await stat(location).catch((cause) => {
    throw new BadInput('this folder or file does not exist', { where: location, cause });
  });
  const partial = resolve(root, `.adding-${randomUUID()}`);
  try {
    await inScratchFolder(async (scratch) => {
      if (info.isFile()) await unpackWeights(location, scratch);
      await convert(info.isFile() ? scratch : location, partial, options);
    });
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function convert(location: string, folder: string, options: AddOptions): Promise<void> {
  const trained = await trainedModels(location, options);
  const networks: Manifest['networks'] = [];
  const entries: Record<string, unknown>[] = [];
  let versions: Record<string, string> = {};
  for (const [index, model] of trained.entries()) {
    const alias = model.configuration;
    const to = join(folder, alias);
    await mkdir(to, { recursive: true });
    const exported = await exportNetworks(model, to, options);
    const described = await describe(model, alias, exported, options.checkpoint);
    for (const fold of described.folds) await checkLogits(join(folder, fold.file), described.input, fold);
    networks.push(described);
    entries.push(entryOf(model, alias, exported, trained[index - 1]?.configuration));
    versions = exported.versions;
  }
  const main = trained.at(-1) as TrainedModel;
  const content = {
    name: options.name,
    modality: modalityOf(main, options.modality),
    nnunet: { interface: 'onnx', orientation: orientationOf(main, options.orientation) },
    networks: entries,
  };
  parseCustomModel(content, folder);
  await writeFile(join(folder, MODEL_FILE), stringify(content));
  const files = await filesOf(folder);
  const { name, licence = null } = options;
  const manifest: Manifest = { format: 1, name, licence, networks, versions, files };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`);
}

async function exportNetworks(model: TrainedModel, to: string, options: AddOptions): Promise<Exported> {
  const { python: command, activate, checkpoint, signal } = options;
  const args = [EXPORTER, model.folder, to, checkpoint, ...model.folds];
  await runProgram({ ...activated({ command, args, env: {} }, activate), signal }).catch((cause) => {
    if (!(cause instanceof PipelineError)) throw cause;
    throw new BadInput(`${cause.message}. Name a Python with PyTorch and nnunetv2 with --python`, { cause });
  });
  const file = join(to, 'export.json');
  const told = exportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await rm(file);
  if ('refused' in told) throw new BadInput(`${model.configuration} is not converted: ${told.refused}`);
  for (const name of PLANS_FILES) await copyFile(join(model.folder, name), join(to, name));
  return told;
}

async function describe(
  { folder, configuration, folds, plan }: TrainedModel,
  alias: string,
  { trainer, patch, channels, checks }: Exported,
  checkpoint: string,
): Promise<Manifest['networks'][number]> {
  return {
    ...{ alias, configuration, trainer },
    normalisation: plan.normalisation,
    intensities: plan.intensities ? { ...plan.intensities } : null,
    input: [channels, ...patch],
    folds: await Promise.all(
      folds.map(async (fold) => ({
        file: `${alias}/fold_${fold}.onnx`,
        checkpointSha256: await fileSha256(join(folder, `fold_${fold}`, checkpoint)),
        ...checks[fold],
      })),
    ),
  };
}

/** The network in custom_model.yaml. */
function entryOf(model: TrainedModel, alias: string, { mirror_axes }: Exported, previous: string | undefined) {
  return {
    ...{ alias, source_directory: alias, checkpoint: 'fold_{fold}.onnx', plans: 'plans.json' },
    architecture: model.configuration,
    folds: model.folds,
    mirror_axes,
    ...(previous !== undefined && { previous_stage: previous }),
    label_order: labelOrderOf(model.dataset.labels),
  };
}

/** Words of channel_names for MR; nnU-Net takes any, and knows only CT. */
const MR = /^(MRI?|T1|T2|FLAIR|DWI|ADC)/i;

function modalityOf({ dataset: { channels } }: TrainedModel, given: string | undefined): string {
  const modality = given?.toUpperCase() ?? (/^CT/i.test(channels[0]) ? 'CT' : MR.test(channels[0]) ? 'MR' : undefined);
  if (modality === 'CT' || modality === 'MR') return modality;
  throw new BadInput(`set --modality to CT or MR: dataset.json calls the images ${JSON.stringify(channels[0])}`);
}

function orientationOf({ reader }: TrainedModel, given: string | undefined): string {
  if (given !== undefined) return given.toUpperCase();
  return reader.includes('Reorient') ? 'RAS' : 'LAS';
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
