import { readFileSync } from 'node:fs';
import type { SETTING_BINDINGS } from '../bindings.ts';
import type { Definition } from '../engine/definition.ts';
import { loadDefinition } from '../engine/parse.ts';
import { LOCAL_SUBSTITUTIONS } from './arns.ts';

export type Settings = Partial<Record<keyof typeof SETTING_BINDINGS, string>>;

/** The JSON of the two machines. */
export interface MachineTexts {
  pipeline: string;
  stageJob: string;
}

/**
 * The two machines, as they are deployed; settings as on one machine where none are given.
 * @param texts default: from their files, which a bundle does not have beside it
 */
export function loadMachines(
  settings: Settings = {},
  texts: MachineTexts = textsOfFiles(),
): Record<keyof MachineTexts, Definition> {
  const load = (text: string) => loadDefinition(text, { ...LOCAL_SUBSTITUTIONS, ...settings });
  return { pipeline: load(texts.pipeline), stageJob: load(texts.stageJob) };
}

function textsOfFiles(): MachineTexts {
  const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  return { pipeline: read('pipeline.asl.json'), stageJob: read('stage-job.asl.json') };
}
