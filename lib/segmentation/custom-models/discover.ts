import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { describeError } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import { type CustomModel, parseCustomModel } from './schema.ts';
import { missingWeights } from './weights.ts';

export const MODEL_FILE = 'custom_model.yaml';

/**
 * The models of a folder: one in each subfolder that holds a custom_model.yaml, in order of the subfolders' names. Names
 * that start with `_` and models that are not enabled are left out. A broken or incomplete model is a finding.
 * @param only names of the models to take, whatever the case; all when empty
 */
export async function discoverModels(
  root: string,
  only: string[],
): Promise<{ models: CustomModel[]; findings: Finding[] }> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    const missing = finding('NO_CUSTOM_MODELS', 'custom_models.root', 'the folder of the models does not exist');
    return { models: [], findings: [missing] };
  }
  const folders = entries.map(({ name }) => name).filter((name) => !/^[_.]/.test(name));
  const read: ModelOrFinding[] = [];
  for (const name of folders.sort()) read.push(await readModel(resolve(join(root, name)), name));
  const enabled = read.flatMap((one) => (one && 'enabled' in one && one.enabled ? [one] : []));
  const asked = await Promise.all(choose(enabled, only).map(withWeights));
  const all = [...read, ...asked];
  return {
    models: asked.filter((one) => 'enabled' in one),
    findings: all.flatMap((one) => (one && 'code' in one ? [one] : [])),
  };
}

/** Undefined: the folder holds no model. */
type ModelOrFinding = CustomModel | Finding | undefined;

async function readModel(folder: string, name: string): Promise<ModelOrFinding> {
  const text = await readFile(join(folder, MODEL_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseCustomModel(parse(text), folder);
  } catch (error) {
    return finding('CUSTOM_MODEL_REFUSED', name, describeError(error));
  }
}

/** The models that are asked for, the first of each name, and why the others are not taken. */
function choose(models: CustomModel[], only: string[]): (CustomModel | Finding)[] {
  const names = Map.groupBy(models, ({ name }) => name.toLowerCase());
  const repeated = [...names.values()]
    .flatMap(([, ...others]) => others)
    .map(({ name }) => finding('CUSTOM_MODEL_REFUSED', name, 'another model has this name'));
  if (only.length === 0) return [...repeated, ...[...names.values()].map(([model]) => model)];
  const wanted = only.map(
    (name) =>
      names.get(name.toLowerCase())?.[0] ?? finding('CUSTOM_MODEL_UNKNOWN', name, 'no enabled model has this name'),
  );
  return [...repeated, ...wanted];
}

async function withWeights(model: CustomModel | Finding): Promise<CustomModel | Finding> {
  if ('code' in model) return model;
  const missing = missingWeights(model);
  if (missing.length === 0) return model;
  return finding('CUSTOM_MODEL_WITHOUT_WEIGHTS', model.name, `not there: ${missing.join(', ')}`);
}
