import { dottedKeys } from './config.ts';

/**
 * Settings that the sender of an upload may set for its run: whole sections, and single keys of sections that also name
 * programs, folders or shell commands. Keys outside this list belong to the deployment, so a new key is refused until
 * someone decides otherwise.
 */
const OF_UPLOADS = [
  'workers',
  'max_workers',
  'task_timeout',
  'organize',
  'structures',
  'ct_cropping',
  'custom_structures',
  'dvh',
  'radiomics',
  'radiomics_robustness',
  'qc',
  'aggregation',
  ...[
    'enabled',
    'workers',
    'per_card',
    'threads_per_worker',
    'device',
    'fast',
    'force',
    'roi_subset',
    'extra_models',
    'force_split',
    'nr_threads_resample',
    'nr_threads_save',
    'num_proc_preprocessing',
    'num_proc_export',
    'torch_threads',
    'timeout',
    'license',
  ].map((key) => `segmentation.${key}`),
  ...['enabled', 'models', 'workers', 'force', 'timeout'].map((key) => `custom_models.${key}`),
];

/** Dotted keys that only the deployment sets: programs, shell commands, and folders of models, which are code. */
export function deploymentKeys(): string[] {
  return dottedKeys().filter((key) => !OF_UPLOADS.some((allowed) => key === allowed || key.startsWith(`${allowed}.`)));
}

/** The dotted keys of the deployment among those that a configuration sets. */
export function deploymentKeysIn(config: unknown): string[] {
  return deploymentKeys().filter((key) => valueAt(config, key.split('.')) !== undefined);
}

/** A configuration whose keys of the deployment are those of `deployed`; what neither sets keeps its default. */
export function withDeploymentKeys(
  config: Record<string, unknown>,
  deployed: Record<string, unknown> = {},
): Record<string, unknown> {
  return deploymentKeys().reduce(
    (copy, key) => withValue(copy, key.split('.'), valueAt(deployed, key.split('.'))),
    config,
  );
}

function valueAt(config: unknown, path: string[]): unknown {
  return path.reduce<unknown>((at, name) => (isMap(at) && Object.hasOwn(at, name) ? at[name] : undefined), config);
}

function withValue(
  config: Record<string, unknown>,
  [name, ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  const { [name]: here, ...others } = config;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  if (here !== undefined && here !== null && !isMap(here)) return config;
  const inner = withValue(isMap(here) ? here : {}, rest, value);
  return Object.keys(inner).length === 0 && here === undefined ? config : { ...config, [name]: inner };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
