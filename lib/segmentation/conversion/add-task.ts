import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BadInput } from '../../errors.ts';
import { labelOrderOf } from '../custom-models/dataset-labels.ts';
import { convertedName, convertedRoot, modalityOfTask } from '../total-segmentator/converted-tasks.ts';
import { needsLicence } from '../total-segmentator/licences.ts';
import { askPython, convertNetwork, type Exporter } from './convert-network.ts';
import type { Manifest } from './manifest.ts';
import { addAsModel, type NewModel } from './new-model.ts';
import { readTrained } from './trained-model.ts';

export interface AddTaskOptions extends Exporter {
  /** Folder with the weights as TotalSegmentator's downloads leave them: Dataset297_..., ... */
  weights: string;
  /** Its model for 3 mm. */
  fast: boolean;
  /** There is a licence number, for the tasks that need one. */
  hasLicence: boolean;
}

const labels = z.record(z.string(), z.int().min(1));
const triple = z.array(z.number()).length(3);
const region = z.strictObject({ step: z.string(), structures: z.array(z.string()), margin_mm: triple });
const networkSchema = z.strictObject({
  number: z.int(),
  folder: z.string(),
  trained: z.string(),
  configuration: z.string(),
  folds: z.array(z.string()),
  labels,
});
type NetworkOfTask = z.infer<typeof networkSchema>;

const stepSchema = z.strictObject({
  name: z.string(),
  labels,
  spacing_mm: triple.nullable(),
  window_step: z.number(),
  networks: z.array(networkSchema).min(1),
  crop: region.optional(),
  inside: region.optional(),
  keep_largest: z.array(z.string()).optional(),
  smallest_mm3: z.record(z.string(), z.number()).optional(),
});
type StepOfTask = z.infer<typeof stepSchema>;

/** What the installed TotalSegmentator says of a task; the steps but for their networks as in custom_model.yaml. */
const taskSchema = z.strictObject({
  version: z.string(),
  steps: z.array(stepSchema),
  /** The quick look that finds the box of chosen classes. */
  subset: stepSchema.optional(),
});
type Task = z.infer<typeof taskSchema>;

const SCRIPT = fileURLToPath(new URL('./describe_totalsegmentator.py', import.meta.url));
const CHECKPOINT = 'checkpoint_final.pth';
/** dataset.json is not copied: the program has its own names for the labels. */
const COPIED = ['plans.json'];
/** How the program turns images before its networks see them. */
const ORIENTATION = 'RAS';
const FREE = 'Apache-2.0';
const RESTRICTED = 'TotalSegmentator: free for non-commercial use only';

export interface AddedTask {
  /** Folder of the task. */
  folder: string;
  /** Weights of the quick look for chosen classes, where they are missing: the task runs without it. */
  withoutSubset: string[];
}

/**
 * Converts a task of TotalSegmentator with all its networks, crops and label names, so that it runs without the program.
 * @param root that `segmentation.weights` names; the task gets a folder in its `converted`
 * @throws BadInput naming what cannot be converted or is missing, and when Python fails
 */
export async function addTask(root: string, task: string, options: AddTaskOptions): Promise<AddedTask> {
  if (needsLicence(task) && !options.hasLicence)
    throw new BadInput(`${task} needs a licence number: set segmentation.license`);
  let withoutSubset: string[] = [];
  const folder = await addAsModel(convertedRoot(root), convertedName(task, options.fast), async (to) => {
    const described = await describe(to, task, options);
    await refuseMissing(networksOf(described.steps), options.weights);
    withoutSubset = await missingOf(networksOf(described.subset ? [described.subset] : []), options.weights);
    const { subset, ...alone } = described;
    return convert(to, task, withoutSubset.length > 0 ? alone : described, options);
  });
  return { folder, withoutSubset };
}

async function describe(folder: string, task: string, options: AddTaskOptions): Promise<Task> {
  await mkdir(folder, { recursive: true });
  const args = [SCRIPT, folder, task, options.fast ? 'fast' : 'normal'];
  return taskSchema.parse(await askPython(options, args, join(folder, 'task.json'), task));
}

async function convert(folder: string, task: string, described: Task, options: AddTaskOptions): Promise<NewModel> {
  const { version, steps, subset } = described;
  const networks: Manifest['networks'] = [];
  const entries = new Map<number, Record<string, unknown>>();
  let versions: Record<string, string> = {};
  for (const network of networksOf(subset ? [...steps, subset] : steps)) {
    const { entry, described, versions: own } = await convertOne(folder, network, options);
    entries.set(network.number, entry);
    networks.push(described);
    versions = own;
  }
  const content = {
    name: convertedName(task, options.fast),
    description: `task ${task} of TotalSegmentator ${version}`,
    modality: modalityOfTask(task),
    nnunet: { interface: 'onnx', orientation: ORIENTATION },
    networks: [...entries.values()],
    steps: steps.map(withAliases),
    ...(subset && { subset: withAliases(subset) }),
  };
  const licence = needsLicence(task) ? RESTRICTED : FREE;
  return { content, manifest: { licence, networks, versions: { TotalSegmentator: version, ...versions } } };
}

function withAliases({ networks, ...step }: StepOfTask) {
  return { ...step, networks: networks.map(({ number }) => String(number)) };
}

/** The networks of all steps, each once. */
function networksOf(steps: StepOfTask[]): NetworkOfTask[] {
  const all = steps.flatMap((step) => step.networks);
  return all.filter(({ number }, index) => all.findIndex((other) => other.number === number) === index);
}

async function missingOf(networks: NetworkOfTask[], weights: string): Promise<string[]> {
  const there = await readdir(weights).catch((cause) => {
    throw new BadInput('the folder of the weights does not exist: set --weights', { where: weights, cause });
  });
  return networks.filter(({ folder }) => !there.includes(folder)).map(({ folder }) => folder);
}

async function refuseMissing(networks: NetworkOfTask[], weights: string): Promise<void> {
  const missing = await missingOf(networks, weights);
  if (missing.length > 0)
    throw new BadInput(`the weights are missing: ${missing.join(', ')}; totalseg_download_weights downloads them`, {
      where: weights,
    });
}

async function convertOne(folder: string, network: NetworkOfTask, options: AddTaskOptions) {
  const alias = String(network.number);
  const choice = { checkpoint: CHECKPOINT, folds: network.folds };
  const from = resolve(options.weights, network.folder, network.trained);
  const trained = await readTrained(from, network.configuration, choice);
  const { exported, described } = await convertNetwork(trained, folder, alias, COPIED, { ...options, ...choice });
  const entry = {
    ...{ alias, source_directory: alias, checkpoint: 'fold_{fold}.onnx', plans: 'plans.json' },
    architecture: network.configuration,
    folds: trained.folds,
    label_order: labelNames(network, trained.dataset.labels, exported.classes),
  };
  return { entry, described, versions: exported.versions };
}

/** Names of a network's labels in order of their values; those that the program does not name get one that no step keeps. */
function labelNames(
  { number, labels: named }: NetworkOfTask,
  trained: Record<string, unknown>,
  classes: number,
): string[] {
  if (Object.values(trained).some((value) => Array.isArray(value) && value.length > 1))
    throw new BadInput(`model ${number} was trained on regions that overlap: it needs the program`);
  if (labelOrderOf(trained).length !== classes - 1)
    throw new BadInput(`model ${number} gives ${classes} classes, which its dataset.json does not name`);
  const highest = Math.max(...Object.values(named));
  if (highest >= classes)
    throw new BadInput(`model ${number} gives ${classes - 1} structures, but TotalSegmentator names ${highest}`);
  const byValue = new Map(Object.entries(named).map(([name, value]) => [value, name]));
  return Array.from({ length: classes - 1 }, (_, index) => byValue.get(index + 1) ?? `unnamed_${number}_${index + 1}`);
}
