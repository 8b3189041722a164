import { stat } from 'node:fs/promises';
import { BadInput } from '../../errors.ts';
import { modalityOfChannel } from '../custom-models/dataset-channels.ts';
import { labelOrderOf } from '../custom-models/dataset-labels.ts';
import { unpackWeights } from '../custom-models/weights.ts';
import { inScratchFolder } from '../scratch-folder.ts';
import { convertNetwork, type Exporter } from './convert-network.ts';
import type { Manifest } from './manifest.ts';
import { addAsModel, type NewModel } from './new-model.ts';
import { type TrainedChoice, type TrainedModel, trainedModels } from './trained-model.ts';

export interface AddOptions extends TrainedChoice, Exporter {
  name: string;
  /** CT or MR; absent: as dataset.json says. */
  modality?: string;
  /** How the axes of the training images pointed; absent: as nnU-Net read them, else LAS. */
  orientation?: string;
  licence?: string;
}

const PLANS_FILES = ['plans.json', 'dataset.json'];

/**
 * Converts a trained nnU-Net v2 model to ONNX and puts it into the folder of models as `<root>/<name>`, whole or not at
 * all. Its networks are asked once by ONNX Runtime; the model is refused when they answer otherwise than PyTorch.
 * @param location a folder, or a ZIP as nnUNetv2_export_model_to_zip writes it
 * @returns the folder of the model
 * @throws BadInput naming what cannot be converted, and when Python fails
 */
export async function addModel(root: string, location: string, options: AddOptions): Promise<string> {
  return addAsModel(root, options.name, async (folder) => {
    const info = await stat(location).catch((cause) => {
      throw new BadInput('this folder or file does not exist', { where: location, cause });
    });
    return inScratchFolder(async (scratch) => {
      if (info.isFile()) await unpackWeights(location, scratch);
      return convert(info.isFile() ? scratch : location, folder, options);
    });
  });
}

async function convert(location: string, folder: string, options: AddOptions): Promise<NewModel> {
  const trained = await trainedModels(location, options);
  const networks: Manifest['networks'] = [];
  const entries: Record<string, unknown>[] = [];
  let versions: Record<string, string> = {};
  for (const [index, model] of trained.entries()) {
    const alias = model.configuration;
    const { exported, described } = await convertNetwork(model, folder, alias, PLANS_FILES, options);
    networks.push(described);
    entries.push(entryOf(model, alias, exported.mirror_axes, trained[index - 1]?.configuration));
    versions = exported.versions;
  }
  const main = trained.at(-1) as TrainedModel;
  const content = {
    name: options.name,
    modality: modalityOf(main, options.modality),
    nnunet: { interface: 'onnx', orientation: orientationOf(main, options.orientation) },
    networks: entries,
  };
  return { content, manifest: { licence: options.licence ?? null, networks, versions } };
}

/** The network in custom_model.yaml. */
function entryOf(model: TrainedModel, alias: string, mirror_axes: number[], previous: string | undefined) {
  return {
    ...{ alias, source_directory: alias, checkpoint: 'fold_{fold}.onnx', plans: 'plans.json' },
    architecture: model.configuration,
    folds: model.folds,
    mirror_axes,
    ...(previous !== undefined && { previous_stage: previous }),
    label_order: labelOrderOf(model.dataset.labels),
  };
}

function modalityOf({ dataset: { channels } }: TrainedModel, given: string | undefined): string {
  const trained = modalityOfChannel(channels[0]);
  const modality = given?.toUpperCase() ?? trained;
  if (modality !== 'CT' && modality !== 'MR')
    throw new BadInput(`set --modality to CT or MR: dataset.json calls the images ${JSON.stringify(channels[0])}`);
  if (trained !== undefined && trained !== modality)
    throw new BadInput(
      `--modality ${modality} contradicts dataset.json: it calls the images ${JSON.stringify(channels[0])}`,
    );
  return modality;
}

function orientationOf({ reader }: TrainedModel, given: string | undefined): string {
  if (given !== undefined) return given.toUpperCase();
  return reader.includes('Reorient') ? 'RAS' : 'LAS';
}
