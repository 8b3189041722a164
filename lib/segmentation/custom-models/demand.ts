import { readFile } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { BYTES_PER_MIB } from '../../units.ts';
import { plansFile } from '../nnunet/onnx-files.ts';
import { readPlan } from '../nnunet/plans.ts';
import { discoverModels } from './discover.ts';
import type { CustomModel, Network } from './schema.ts';

/** What the memory of a network follows from. */
export type NetworkDemand = Config['custom_models']['networks'][number];

/** Node, the runtime and its library. */
const BASE_MIB = 1024;
/** Bytes of a voxel of the image: its own, turned, normalised, and resampled back in 64 bits, with the best and the labels. */
const IMAGE_BYTES = 45;
/** Features of a network's finest level that live at once, 4 bytes each: 32 of nnU-Net, before and behind a few layers. */
const FEATURES = 200;
/** Copies of a window's logits: the runtime's, ours, and the mean of mirrored ones. */
const WINDOW_COPIES = 3;

/** Distance of slices that the memory of a 2D network, which takes them as they come, is counted with. */
const THIN_SLICE_MM = 1;

/** The needs of the networks of the models in a folder. A folder or model that cannot be read needs nothing. */
export async function networkDemands(root: string, only: string[]): Promise<NetworkDemand[]> {
  const { models } = await discoverModels(root, only);
  return (await Promise.all(models.map(demandsOf))).flat();
}

/** The needs of the networks of a model. */
export function demandsOf(model: CustomModel): Promise<NetworkDemand[]> {
  return Promise.all(model.networks.map((network) => demandOf(model, network)));
}

async function demandOf(model: CustomModel, network: Network): Promise<NetworkDemand> {
  const classes = network.label_order.length + 1;
  if (model.nnunet.interface !== 'onnx') return [classes, null, null];
  try {
    const json = JSON.parse(await readFile(plansFile(model, network), 'utf8'));
    const { spacingMm, patch } = readPlan(json, network.architecture ?? model.nnunet.model);
    const product = ([a, b, c]: number[]) => a * b * c;
    const [first, ...rest] = spacingMm;
    return [classes, product([first ?? THIN_SLICE_MM, ...rest]), product(patch)];
  } catch {
    return [classes, null, null];
  }
}

/**
 * Memory of a network in ONNX on an image in MiB: 2 bytes for each class and voxel at the network's spacing, beside the
 * image, a window and the runtime; undefined for networks that other programs run.
 */
export function predictedMiB(
  [classes, voxelMm3, windowVoxels]: NetworkDemand,
  image: { voxels: number; volumeMm3: number },
): number | undefined {
  if (voxelMm3 === null || windowVoxels === null) return undefined;
  const networkVoxels = Math.max(image.volumeMm3 / voxelMm3, windowVoxels);
  const bytes =
    image.voxels * IMAGE_BYTES +
    networkVoxels * (4 + 2 * (classes + 1)) +
    windowVoxels * 4 * (WINDOW_COPIES * classes + FEATURES);
  return BASE_MIB + Math.ceil(bytes / BYTES_PER_MIB);
}
