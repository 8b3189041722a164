import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { BadInput, describeError } from '../../errors.ts';
import { MANIFEST_FILE } from '../custom-models/digest.ts';
import { MODEL_FILE } from '../custom-models/discover.ts';
import { type CustomModel, parseCustomModel } from '../custom-models/schema.ts';
import type { Step } from '../custom-models/steps-schema.ts';
import { hasFastModel, isMrTask } from './tasks.ts';

/** A task of TotalSegmentator that runs without the program. */
export interface ConvertedTask {
  task: string;
  model: CustomModel;
  steps: Step[];
  /** Of what it is made of: its description and its manifest, which holds the digests of its networks. */
  digest: string;
}

/** Where tasks lie that run without the program, in the folder of the weights. */
export function convertedRoot(weights: string): string {
  return join(weights, 'converted');
}

/** Name of the folder of a task: its model for 3 mm is one of its own. */
export function convertedName(task: string, fast: boolean): string {
  return fast && hasFastModel(task) ? `${task}_fast` : task;
}

export function modalityOfTask(task: string): 'CT' | 'MR' {
  return isMrTask(task) ? 'MR' : 'CT';
}

/** A task that was converted. @returns undefined when it was not @throws BadInput when its description is broken */
export async function convertedTask(weights: string, task: string, fast: boolean): Promise<ConvertedTask | undefined> {
  const read = await readConverted(weights, convertedName(task, fast));
  return read && { task, ...read };
}

/** As `convertedTask`, by the name of its folder. */
export async function readConverted(weights: string, name: string): Promise<Omit<ConvertedTask, 'task'> | undefined> {
  const folder = resolve(convertedRoot(weights), name);
  const [text, manifest] = await Promise.all([MODEL_FILE, MANIFEST_FILE].map((name) => readIfAny(join(folder, name))));
  if (text === undefined) return undefined;
  const digest = createHash('sha256')
    .update(text)
    .update(manifest ?? '')
    .digest('hex');
  const model = modelOf(text, folder, name);
  if (!model.steps) throw new BadInput(`${MODEL_FILE} has no steps: add the task ${name} again`, { where: folder });
  return { model, steps: model.steps, digest };
}

function modelOf(text: string, folder: string, name: string): CustomModel {
  try {
    return parseCustomModel(parse(text), folder);
  } catch (cause) {
    const why = describeError(cause);
    throw new BadInput(`the converted task ${name} cannot be read (${why}): add it again`, { where: folder, cause });
  }
}

function readIfAny(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
