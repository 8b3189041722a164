import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BadConfig } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { checkChannels } from './dataset-channels.ts';
import { labelToken } from './label-names.ts';
import { readModelJsonIfAny } from './model-json.ts';
import type { CustomModel, Network } from './schema.ts';

/** What dataset.json of nnU-Net says beside a network; it is what the network was trained on. */
const FILE = 'dataset.json';

/** How the labels of a model compare with the network's own. */
export interface ComparedLabels {
  /** `value own name (name in dataset.json)` of labels that the model gives another name. */
  renamed: string[];
  /** The network tells regions, which overlap, from each other. */
  hasRegions: boolean;
  /** These regions, where the labels of the model are their names. */
  regions?: Region[];
}

/** A part of the body that may overlap others, as a network was trained on it. */
export interface Region {
  name: string;
  /** Values that belong to it in the label map that nnU-Net writes. */
  values: number[];
  /** The value that its own voxels get there, over those of the regions before it. */
  paints: number;
}

/**
 * Compares the modality and the labels of a model with what its network was trained on, where dataset.json is in one of the
 * folders.
 * @throws BadInput when the file is broken, BadConfig for another modality or several channels, when the numbers of labels differ, and
 * when two labels have changed places
 */
export async function compareWithDataset(
  { modality }: Pick<CustomModel, 'modality'>,
  labelOrder: string[],
  folders: string[],
): Promise<ComparedLabels> {
  for (const folder of folders) {
    const dataset = await readModelJsonIfAny(join(folder, FILE));
    if (dataset === undefined) continue;
    checkChannels(modality, dataset);
    return compareLabels(labelOrder, dataset);
  }
  return { renamed: [], hasRegions: false };
}

/** A folder of weights and those in it: nnU-Net keeps dataset.json beside the folds of each trainer. */
export async function trainedFolders(weights: string): Promise<string[]> {
  const inside = await readdir(weights, { withFileTypes: true }).catch(() => []);
  const folders = inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(weights, name));
  return [weights, ...folders.sort()];
}

/** A finding on labels that have another name than in training. */
export function renamedLabels(
  { name }: CustomModel,
  { alias }: Network,
  { renamed }: ComparedLabels,
  where: string,
): Finding[] {
  if (renamed.length === 0) return [];
  const message = `${name}, ${alias}: labels have other names than in ${FILE}: ${renamed.join(', ')}`;
  return [finding('CUSTOM_MODEL_LABELS_RENAMED', where, message)];
}

/** @param dataset the content of a dataset.json of nnU-Net, version 1 or 2 @throws BadConfig as above */
export function compareLabels(labelOrder: string[], dataset: unknown): ComparedLabels {
  const labels = isMap(dataset) && isMap(dataset.labels) ? dataset.labels : {};
  const hasRegions = Object.values(labels).some((value) => Array.isArray(value) && value.length > 1);
  const trained = trainedLabels(labels);
  if (hasRegions) return { renamed: [], hasRegions, ...regionsNamed(labelOrder, labels, dataset) };
  if (trained.size === 0) return { renamed: [], hasRegions };
  const known = [...trained.values()].map(labelToken);
  if (trained.size !== labelOrder.length)
    throw new BadConfig(
      `label_order names ${labelOrder.length} labels, but the network was trained on ${trained.size}: ${[...trained.values()].join(', ')} (${FILE})`,
    );
  const renamed: string[] = [];
  for (const [i, name] of labelOrder.entries()) {
    const own = trained.get(i + 1);
    if (own === undefined)
      throw new BadConfig(`${FILE} has no label with the value ${i + 1}, but label_order calls it ${name}`);
    if (labelToken(own) === labelToken(name)) continue;
    if (known.includes(labelToken(name)))
      throw new BadConfig(
        `label_order calls the value ${i + 1} ${name}, but the network was trained on ${own} (${FILE})`,
      );
    renamed.push(`${i + 1} ${name} (${own})`);
  }
  return { renamed, hasRegions };
}

/** The regions when the labels are their names, in their order; else the labels name values, which are not compared. */
function regionsNamed(
  labelOrder: string[],
  labels: Record<string, unknown>,
  dataset: unknown,
): Pick<ComparedLabels, 'regions'> {
  const order = isMap(dataset) && Array.isArray(dataset.regions_class_order) ? dataset.regions_class_order : [];
  const trained = trainedRegions(labels);
  const areNamed =
    trained.length === order.length &&
    trained.length === labelOrder.length &&
    trained.every(({ name }, i) => labelToken(name) === labelToken(labelOrder[i]));
  if (!areNamed) return {};
  return { regions: trained.map(({ values }, i) => ({ name: labelOrder[i], values, paints: Number(order[i]) })) };
}

function trainedRegions(labels: Record<string, unknown>): { name: string; values: number[] }[] {
  return Object.entries(labels)
    .map(([name, value]) => ({ name, values: [value].flat().map(Number) }))
    .filter(({ name, values }) => name !== 'ignore' && values.some((value) => value > 0));
}

/** Labels of a dataset.json as a model lists them: regions in their order, else names in order of their values. */
export function labelOrderOf(labels: Record<string, unknown>): string[] {
  if (Object.values(labels).some((value) => Array.isArray(value) && value.length > 1))
    return trainedRegions(labels).map(({ name }) => name);
  return [...trainedLabels(labels)].sort(([a], [b]) => a - b).map(([, name]) => name);
}

/** Names by value, without the background and the label that training ignores. */
function trainedLabels(labels: Record<string, unknown>): Map<number, string> {
  const found = new Map<number, string>();
  for (const [key, value] of Object.entries(labels)) {
    const [number, name] = typeof value === 'string' ? [Number(key), value] : [Number(value), key];
    if (number > 0 && name !== 'ignore') found.set(number, name);
  }
  return found;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
