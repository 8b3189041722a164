import { readdir } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { demandsOf } from '../custom-models/demand.ts';
import type { TotalSegmentatorSettings } from './command-line.ts';
import { convertedName, convertedRoot, readConverted } from './converted-tasks.ts';
import { tasksFor } from './tasks.ts';

/** What a run must know of a converted task before its jobs begin. */
export type ConvertedFacts = Config['segmentation']['converted'][number];

/** All converted tasks in a folder of weights. A broken one is left out: the stage says what is wrong with it. */
export async function convertedFacts(weights: string): Promise<ConvertedFacts[]> {
  const names = await readdir(convertedRoot(weights)).catch(() => []);
  const facts = await Promise.all(names.sort().map((name) => factsOf(weights, name).catch(() => undefined)));
  return facts.filter((one) => one !== undefined);
}

/** Those that a run with these settings uses. */
export function usedFacts(
  facts: ConvertedFacts[],
  settings: Pick<TotalSegmentatorSettings, 'extra_models' | 'fast'>,
): ConvertedFacts[] {
  const tasks = ['CT', 'MR'].flatMap((modality) => tasksFor(modality, settings));
  const used = new Set(tasks.map((task) => convertedName(task, settings.fast)));
  return facts.filter(({ name }) => used.has(name));
}

async function factsOf(weights: string, name: string): Promise<ConvertedFacts | undefined> {
  const converted = await readConverted(weights, name);
  return converted && { name, digest: converted.digest, networks: await demandsOf(converted.model) };
}
