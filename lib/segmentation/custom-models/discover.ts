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
  const findings: Finding[] = [];
  const entries = await readdir(root, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    findings.push(finding('NO_CUSTOM_MODELS', 'custom_models.root', 'the folder of the models is not there'));
    return { models: [], findings };
  }
  const folders = entries.map(({ name }) => name).filter((name) => !/^[_.]/.test(name));
  const read: CustomModel[] = [];
  for (const name of folders.sort()) {
    const model = await readModel(resolve(join(root, name)), name, findings);
    if (model) read.push(model);
  }
  const chosen = choose(read, only, findings);
  const models: CustomModel[] = [];
  for (const model of chosen) {
    const missing = await missingWeights(model);
    if (missing.length === 0) models.push(model);
    else findings.push(finding('CUSTOM_MODEL_WITHOUT_WEIGHTS', model.name, `not there: ${missing.join(', ')}`));
  }
  return { models, findings };
}

async function readModel(folder: string, name: string, findings: Finding[]): Promise<CustomModel | undefined> {
  const text = await readFile(join(folder, MODEL_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const model = parseCustomModel(parse(text), folder);
    return model.enabled ? model : undefined;
  } catch (error) {
    findings.push(finding('CUSTOM_MODEL_REFUSED', name, describeError(error)));
    return undefined;
  }
}

function choose(models: CustomModel[], only: string[], findings: Finding[]): CustomModel[] {
  const names = new Map<string, CustomModel>();
  for (const model of models) {
    const other = names.get(model.name.toLowerCase());
    if (other) findings.push(finding('CUSTOM_MODEL_REFUSED', model.name, 'another model has this name'));
    else names.set(model.name.toLowerCase(), model);
  }
  if (only.length === 0) return [...names.values()];
  return only.flatMap((name) => {
    const model = names.get(name.toLowerCase());
    if (model) return [model];
    findings.push(finding('CUSTOM_MODEL_UNKNOWN', name, 'no enabled model has this name'));
    return [];
  });
}
