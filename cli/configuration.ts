import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Config, kindOfKey, parseConfig } from '#lib/config.ts';
import { BadConfig } from '#lib/errors.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { networkDemands } from '#lib/segmentation/custom-models/demand.ts';
import { modelsDigest } from '#lib/segmentation/custom-models/digest.ts';
import { convertedFacts, usedFacts } from '#lib/segmentation/total-segmentator/converted-facts.ts';
import { weightsHome } from '#lib/segmentation/total-segmentator/home-folder.ts';
import { ibsiSettingsOf } from '#lib/stages/radiomics/ibsi.ts';
import { isStoreUri, parsePublishedUri } from '#lib/store/published/manifest.ts';
import { notesOn, readAncestorKeys } from './ancestor-keys.ts';
import { fromEnvironment } from './environment.ts';
import { readProfile } from './profiles/profiles.ts';

/** Where a value of the configuration came from; later ones win. */
export type Origin = 'default' | 'profile' | 'file' | 'environment' | 'flag';

export interface EffectiveConfig {
  config: Config;
  /** Dotted key -> origin, for every key that is not a default. */
  origins: Map<string, Origin>;
  /** A sentence for each key that was set and does nothing here. */
  notes: string[];
}

/** Dotted keys with their values: `{'segmentation.workers': 2}`. */
export type Settings = Record<string, unknown>;

/** Keys whose value may name a YAML file beside the configuration: it is read here, so that a run knows no paths. */
const FILES = [
  'organize.dose_override',
  'custom_structures',
  'dvh.goals',
  'radiomics.params_file',
  'radiomics.mr_params_file',
  'radiomics.pet_params_file',
];

/** Folders on this machine: paths in a file are relative to that file. */
const FOLDERS = ['custom_models.root', 'segmentation.weights'];

/** Defaults < profile < file < environment < flags. @throws BadConfig */
export async function effectiveConfig(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
  flags: Settings,
  profile?: string,
): Promise<EffectiveConfig> {
  const fromFile = readAncestorKeys(flatten(file ? await readYaml(file) : {}));
  const variables = fromEnvironment(environment);
  const layers: [Origin, Settings][] = [
    ['profile', flatten(profile === undefined ? {} : readProfile(profile).settings)],
    ['file', fromFile.settings],
    ['environment', variables],
    ['flag', flags],
  ];
  const told = Object.entries({ ...variables, ...flags }).filter(([, value]) => value !== undefined);
  const notes = [...new Set([...fromFile.notes, ...notesOn(told.map(([key]) => key))])];
  const origins = new Map<string, Origin>();
  const merged: Settings = Object.create(null);
  for (const [origin, settings] of layers) {
    for (const [key, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      merged[key] = value;
      origins.set(key, origin);
    }
  }
  for (const key of FILES) {
    const path = merged[key];
    if (typeof path === 'string') merged[key] = await readYaml(resolve(file ? dirname(file) : '.', path), key);
  }
  for (const key of FOLDERS) {
    const path = merged[key];
    if (file && typeof path === 'string' && !isStoreUri(path) && origins.get(key) === 'file')
      merged[key] = resolve(dirname(file), path);
  }
  const config = parseConfig(nest(merged));
  checkRadiomics(config);
  if (config.custom_models.enabled) {
    const { root, models } = config.custom_models;
    config.custom_models.digest = isStoreUri(root) ? parsePublishedUri(root).sha256 : await modelsDigest(root);
    config.custom_models.networks = await networkDemands(root, models);
  }
  const { segmentation } = config;
  const isPublished = segmentation.weights !== null && isStoreUri(segmentation.weights);
  if (segmentation.enabled && !isPublished)
    segmentation.converted = usedFacts(await convertedFacts(weightsHome(segmentation)), segmentation);
  return { config, origins, notes };
}

/** Settings of features are refused before a run, not by its last stages. @throws BadConfig */
function checkRadiomics(config: Config): void {
  const { params_file, mr_params_file, pet_params_file } = config.radiomics;
  for (const parameters of [params_file, mr_params_file, pet_params_file]) parseRadiomicsSettings(parameters ?? {});
  ibsiSettingsOf(config.radiomics);
}

/** @param key the key of the configuration that names the file @throws BadConfig naming key, file, line and column */
async function readYaml(path: string, key?: string): Promise<Record<string, unknown>> {
  const where = key === undefined ? path : `${key}: ${path}`;
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new BadConfig('cannot read the file', { where, cause });
  });
  const content = parsedYaml(text, where) ?? {};
  if (key === undefined && (typeof content !== 'object' || Array.isArray(content)))
    throw new BadConfig('the file is not a configuration. Write keys with values, such as `workers: 4`', { where });
  return content as Record<string, unknown>;
}

function parsedYaml(text: string, where: string): unknown {
  try {
    return parse(text, { stringKeys: true });
  } catch (cause) {
    const [what] = String((cause as Error).message).split('\n');
    throw new BadConfig(`not valid YAML: ${what.replace(/:$/, '')}`, { where, cause });
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

/** Without prototypes: a key may be called `__proto__`, and is then refused as unknown. */
function nest(settings: Settings): Record<string, unknown> {
  const root = Object.create(null);
  for (const [key, value] of Object.entries(settings)) {
    const path = key.split('.');
    let at = root;
    for (const name of path.slice(0, -1)) {
      at[name] = at[name] ?? Object.create(null);
      at = at[name];
    }
    at[path[path.length - 1]] = value;
  }
  return root;
}
