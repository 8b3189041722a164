import { z } from 'zod';
import { BadConfig } from '../../errors.ts';
import { REGIONS } from '../body-regions.ts';
import { checkNames } from './label-names.ts';
import { checkSteps, stepsSchema, subsetStepSchema } from './steps-schema.ts';

/** How a model is run. */
export const INTERFACES = [
  'nnunetv2',
  'nnunetv1',
  'nnunetv2_modelfolder',
  'totalsegmentator',
  'onnx',
  'command',
] as const;
export type Interface = (typeof INTERFACES)[number];

/** A list, or its members in one text, separated by commas or spaces. */
const words = z
  .union([z.array(z.union([z.string(), z.number()])), z.string(), z.number()])
  .transform((value) =>
    (Array.isArray(value) ? value.map(String) : String(value).split(/[\s,]+/)).filter((word) => word !== ''),
  );
const environment = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({});
const args = z
  .union([
    z.array(z.union([z.string(), z.number()]).transform(String)),
    z.string().transform((text) => text.split(/\s+/).filter(Boolean)),
  ])
  .default([]);

const networkSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  alias: z.string().optional(),
  archive: z.string().optional().describe('ZIP of the weights'),
  source_directory: z.string().optional().describe('folder of the unpacked weights'),
  dataset_directory: z.string().optional().describe('folder within nnUNet_results'),
  checkpoint: z.string().default('checkpoint_final.pth'),
  label_order: z.array(z.string()).min(1).describe('structures; the first has the value 1'),
  architecture: z.string().optional().describe('configuration: 3d_fullres, 2d, ...'),
  trainer: z.string().optional(),
  cascade_trainer: z.string().optional(),
  plans: z.string().optional(),
  folds: words.optional(),
  task: z.string().optional(),
  previous_stage: z.string().optional().describe('alias of the network whose result it refines'),
  postprocessing_json: z
    .string()
    .optional()
    .describe('file of nnUNetv2_determine_postprocessing; its steps are applied to the result'),
  mirror_axes: z
    .array(z.int().min(0).max(2))
    .default([])
    .describe('axes along which an ONNX network may get mirrored input'),
  extra_args: args,
  env: environment,
});

const modelSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(''),
  enabled: z.boolean().default(true),
  modality: z.enum(['CT', 'MR']).default('CT'),
  required_body_regions: words.pipe(z.array(z.enum(REGIONS))).default([]),
  min_region_confidence: z.number().min(0).max(1).default(0.5),
  nnunet: z
    .strictObject({
      interface: z.enum(INTERFACES).default('nnunetv2'),
      command: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
      container: z.string().optional().describe('container image for the command'),
      model: z.string().default('3d_fullres'),
      folds: words.optional(),
      orientation: z
        .string()
        .regex(/^[RLAPIS]{3}$/)
        .default('LAS')
        .describe('directions of the array axes'),
      env: environment,
    })
    .prefault({}),
  networks: z.array(networkSchema).min(1),
  steps: stepsSchema,
  subset: subsetStepSchema,
  combine: z.strictObject({ ordered_networks: z.array(z.string()).optional() }).prefault({}),
  ensemble: z
    .strictObject({
      command: z.string().optional(),
      inputs: z.array(z.string()).min(2),
      postprocessing_json: z.string().optional(),
      label_order: z.array(z.string()).optional(),
    })
    .optional(),
});

export type Network = z.infer<typeof networkSchema> & { id: string; alias: string };
export type CustomModel = Omit<z.infer<typeof modelSchema>, 'networks'> & {
  /** Absolute path of the folder of its YAML. */
  folder: string;
  networks: Network[];
};

/** Second names of keys that RTpipeline 2 took. */
const SYNONYMS: Record<string, string> = {
  summary: 'description',
  required_regions: 'required_body_regions',
  dataset: 'id',
  weights: 'archive',
  checkpoint_path: 'checkpoint',
  structures: 'label_order',
  labels: 'label_order',
  predict_args: 'extra_args',
  order: 'ordered_networks',
};

/**
 * The content of a custom_model.yaml.
 * @param folder absolute path of the folder that it lies in; its name is the model's when the file gives none
 * @throws BadConfig for unknown keys, for labels that collide, and for what RTpipeline 2 could do and this cannot
 */
export function parseCustomModel(content: unknown, folder: string): CustomModel {
  const parsed = modelSchema.safeParse(withKnownNames(content, folder));
  if (!parsed.success) throw new BadConfig(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { networks, ...model } = parsed.data;
  const named = networks.map((network, i): Network => {
    const id = network.id ?? network.task ?? network.alias ?? String(i + 1);
    return { ...network, id, alias: network.alias ?? id };
  });
  if (model.ensemble && model.nnunet.interface === 'onnx')
    throw new BadConfig('an ensemble of ONNX networks is not supported: folds of one network are averaged');
  if (model.steps && model.nnunet.interface !== 'onnx') throw new BadConfig('only networks in ONNX run in steps');
  checkNames(named, model.ensemble);
  const known = new Map(named.map(({ alias, label_order }) => [alias, label_order]));
  checkSteps(model.steps ?? [], known);
  checkSteps(model.subset ? [model.subset] : [], known);
  checkAliases(named, model.combine.ordered_networks ?? [], model.ensemble?.inputs ?? []);
  return { ...model, folder, networks: named };
}

/** Old names become the names of the schema; what has no counterpart is refused in words. */
function withKnownNames(content: unknown, folder: string): unknown {
  if (!isMap(content)) throw new BadConfig('the file does not describe a model');
  const model = renamed(content);
  const networks = Array.isArray(model.networks) ? model.networks.filter(isMap) : [];
  if (isMap(model.nnunet) && model.nnunet.interface === 'medsam_boxprompt')
    throw new BadConfig('MedSAM models are not supported: they need a box that a person draws');
  if (networks.some((network) => 'postprocessing' in network || 'prompt' in network))
    throw new BadConfig(
      'prompts and postprocessing by anchors are not supported, and without them the result would differ',
    );
  const name = folder.split('/').at(-1);
  return {
    name,
    ...model,
    ...(isMap(model.combine) && { combine: renamed(model.combine, { networks: 'ordered_networks' }) }),
    networks: networks.map((network) => {
      const { name: alias, model: architecture, ...rest } = renamed(network);
      return { ...(alias !== undefined && { alias }), ...(architecture !== undefined && { architecture }), ...rest };
    }),
  };
}

function renamed(map: Record<string, unknown>, more: Record<string, string> = {}): Record<string, unknown> {
  const names = { ...SYNONYMS, ...more };
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [names[key] ?? key, value]));
}

function checkAliases(networks: Network[], order: string[], inputs: string[]): void {
  const aliases = networks.map(({ alias }) => alias);
  const repeated = aliases.find((alias, i) => aliases.indexOf(alias) !== i);
  if (repeated) throw new BadConfig(`two networks have the alias ${repeated}`);
  const previous = networks.flatMap((network) => network.previous_stage ?? []);
  const unknown = [...order, ...inputs, ...previous].find((name) => name !== 'ensemble' && !aliases.includes(name));
  if (unknown) throw new BadConfig(`network ${unknown} does not exist; there are ${aliases.join(', ')}`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
