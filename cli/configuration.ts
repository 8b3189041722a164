import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Config, kindOfKey, parseConfig } from '#lib/config.ts';
import { BadConfig } from '#lib/errors.ts';

/** Where a value of the configuration came from; later ones win. */
export type Origin = 'default' | 'file' | 'environment' | 'flag';

export interface EffectiveConfig {
  config: Config;
  /** Dotted key -> origin, for every key that is not a default. */
  origins: Map<string, Origin>;
}

/** Dotted keys with their values: `{'segmentation.workers': 2}`. */
export type Settings = Record<string, unknown>;

/** Environment variable -> key; the value is read as YAML, so `2`, `true` and `null` mean what they say. */
const ENVIRONMENT: Record<string, string> = {
  WORKERS: 'workers',
  RTPIPELINE_MAX_WORKERS: 'max_workers',
  RTPIPELINE_TASK_TIMEOUT: 'task_timeout',
  RTPIPELINE_SEG_WORKERS: 'segmentation.workers',
  RTPIPELINE_SEG_DEVICE: 'segmentation.device',
  TOTALSEG_TIMEOUT: 'segmentation.timeout',
  TOTALSEG_LICENSE: 'segmentation.license',
  TOTALSEG_WEIGHTS_PATH: 'segmentation.weights',
  TOTALSEG_NUM_PROCESSES_PREPROCESSING: 'segmentation.num_proc_preprocessing',
  TOTALSEG_NUM_PROCESSES_SEGMENTATION_EXPORT: 'segmentation.num_proc_export',
  RTPIPELINE_CUSTOM_MODEL_WORKERS: 'custom_models.workers',
  DCM2NIIX_TIMEOUT: 'organize.read_timeout',
  RTPIPELINE_RADIOMICS_TASK_TIMEOUT: 'radiomics.task_timeout',
  RTPIPELINE_RADIOMICS_SEQUENTIAL: 'radiomics.sequential',
  RTPIPELINE_RADIOMICS_WORKERS: 'radiomics.workers',
  RTPIPELINE_RADIOMICS_THREAD_LIMIT: 'radiomics.thread_limit',
};

/** Keys whose value may name a YAML file beside the configuration: it is read here, so that a run knows no paths. */
const FILES = [
  'organize.dose_override',
  'custom_structures',
  'dvh.goals',
  'radiomics.params_file',
  'radiomics.mr_params_file',
  'radiomics.pet_params_file',
];

/** Defaults < file < environment < flags. @throws BadConfig */
export async function effectiveConfig(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
  flags: Settings,
): Promise<EffectiveConfig> {
  const layers: [Origin, Settings][] = [
    ['file', flatten(file ? await readYaml(file) : {})],
    ['environment', fromEnvironment(environment)],
    ['flag', flags],
  ];
  const origins = new Map<string, Origin>();
  const merged: Settings = {};
  for (const [origin, settings] of layers) {
    for (const [key, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      merged[key] = value;
      origins.set(key, origin);
    }
  }
  for (const key of FILES) {
    const path = merged[key];
    if (typeof path === 'string') merged[key] = await readYaml(resolve(file ? dirname(file) : '.', path));
  }
  return { config: parseConfig(nest(merged)), origins };
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Settings {
  const found = Object.entries(ENVIRONMENT).filter(
    ([name]) => environment[name] !== undefined && environment[name] !== '',
  );
  return Object.fromEntries(found.map(([name, key]) => [key, typed(key, environment[name] as string)]));
}

/** `0` means "automatic" or "off" where the variables of RTpipeline used it so. */
function typed(key: string, text: string): unknown {
  const value: unknown = parse(text);
  if (key === 'radiomics.sequential') return value === 1 || value === true;
  if (['radiomics.workers', 'radiomics.thread_limit', 'max_workers'].includes(key) && value === 0) return null;
  return value;
}

async function readYaml(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new BadConfig('cannot read the file', { where: path, cause });
  });
  try {
    return parse(text) ?? {};
  } catch (cause) {
    throw new BadConfig('not valid YAML', { where: path, cause });
  }
}

/** Sections become dotted keys; values that are maps of their own (contents of files, names) stay whole. */
function flatten(value: Record<string, unknown>, path: string[] = []): Settings {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const here = [...path, name];
      const isSection = kindOfKey(here) === 'section';
      if (isSection && inner === null) return [];
      const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
      return isSection && isMap
        ? Object.entries(flatten(inner as Record<string, unknown>, here))
        : [[here.join('.'), inner]];
    }),
  );
}

function nest(settings: Settings): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    const path = key.split('.');
    let at = root;
    for (const name of path.slice(0, -1)) {
      at[name] = at[name] ?? {};
      at = at[name] as Record<string, unknown>;
    }
    at[path[path.length - 1]] = value;
  }
  return root;
}
