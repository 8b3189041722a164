import { readFile, stat } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { BYTES_PER_MIB } from '../../units.ts';
import { lengthOf } from '../nnunet/array.ts';
import { headFile, onnxFiles, plansFile } from '../nnunet/onnx-files.ts';
import { ANSWERS_AT_ONCE } from '../nnunet/onnx-network.ts';
import { type Plan, readPlan } from '../nnunet/plans.ts';
import { discoverModels } from './discover.ts';
import type { CustomModel, Network } from './schema.ts';

/** What the memory of a network follows from. */
export type NetworkDemand = Config['custom_models']['networks'][number];

/** Columns, rows and slices of an image, and their distances. */
export interface ImageSize {
  size: Vec3;
  spacingMm: Vec3;
}

/** Node, the runtime and its library. */
const BASE_MIB = 400;
/** Copies of the weights: the runtime's own, and those that it lays out for its convolutions. */
const WEIGHT_COPIES = 2;
/** Arrays of the finest level's features that live at once, of 4 bytes: before and behind a layer, and what was skipped. */
const FEATURE_COPIES = 4;
/** Copies of the answers for a window that live at once: the runtime's and ours. */
const ANSWER_COPIES = 2;
/** Bytes of a voxel of the image: its own, turned, normalised, and resampled back in 64 bits, with the best and the labels. */
const IMAGE_BYTES = 45;
/** The same where a step brings the image to its spacing first: its own, turned, cut out, and the labels. */
const RESPACED_IMAGE_BYTES = 16;
/** Bytes of a voxel as the network sees it: its values, cut and padded, one class, the best and the labels. */
const NETWORK_BYTES = 24;
const FLOAT_BYTES = 4;
const HALF_BYTES = 2;

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
  if (model.nnunet.interface !== 'onnx') return { classes, onnx: null };
  try {
    const json = JSON.parse(await readFile(plansFile(model, network), 'utf8'));
    const plan = readPlan(json, network.architecture ?? model.nnunet.model);
    const fixed_mib = await fixedMiB(plan, classes, onnxFiles(model, network), network.mirror_axes.length > 0);
    const spacing_mm = inFile<number | null>(plan, plan.spacingMm);
    const image_bytes = isRespaced(model, network) ? RESPACED_IMAGE_BYTES : IMAGE_BYTES;
    return { classes, onnx: { spacing_mm, window: inFile(plan, plan.patch), fixed_mib, image_bytes } };
  } catch {
    return { classes, onnx: null };
  }
}

/** Every step that runs the network brings the image to its spacing first. */
function isRespaced({ steps = [], subset }: CustomModel, { alias }: Network): boolean {
  const own = [...steps, ...(subset ? [subset] : [])].filter(({ networks }) => networks.includes(alias));
  return own.length > 0 && own.every(({ spacing_mm }) => spacing_mm !== null);
}

/** What belongs to the axes of the network, in the order of the image: z, y, x. */
function inFile<T>({ transposeBackward: [z, y, x] }: Plan, own: [T, T, T]): [T, T, T] {
  return [own[z], own[y], own[x]];
}

/** What the runtime, the weights of all folds and one window take. */
async function fixedMiB({ patch, features }: Plan, classes: number, files: string[], isMirrored: boolean) {
  const heads = await Promise.all(files.map((file) => sizeOf(headFile(file))));
  const weights = await Promise.all(files.flatMap((file) => [sizeOf(file), sizeOf(`${file}.data`)]));
  const inParts = heads.every((bytes) => bytes > 0);
  const answers = ANSWER_COPIES * (inParts ? Math.min(classes, ANSWERS_AT_ONCE) : classes);
  const mean = files.length > 1 || isMirrored ? classes : 0;
  const atOnce = Math.max(FEATURE_COPIES * features, features + answers) + mean;
  const window = lengthOf(patch) * FLOAT_BYTES * atOnce;
  const total = WEIGHT_COPIES * weights.reduce((sum, bytes) => sum + bytes, 0) + window;
  return BASE_MIB + Math.ceil(total / BYTES_PER_MIB);
}

/** Bytes of a file, 0 when it is not there. */
function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/**
 * Memory of a network in ONNX on an image in MiB: 2 bytes for each class and voxel at the network's spacing, padded to a
 * window, beside the image, a window and the runtime.
 * @returns undefined for networks that other programs run
 */
export function predictedMiB({ classes, onnx }: NetworkDemand, { size, spacingMm }: ImageSize): number | undefined {
  if (!onnx) return undefined;
  const product = ([a, b, c]: number[]) => a * b * c;
  const [own, ownMm] = [size.toReversed(), spacingMm.toReversed()];
  const seen = onnx.spacing_mm.map((mm, axis) => (own[axis] * ownMm[axis]) / (mm ?? ownMm[axis]));
  const padded = product(seen.map((count, axis) => Math.max(count, onnx.window[axis])));
  const bytes = product(size) * onnx.image_bytes + padded * (NETWORK_BYTES + HALF_BYTES * (classes + 1));
  return onnx.fixed_mib + Math.ceil(bytes / BYTES_PER_MIB);
}
