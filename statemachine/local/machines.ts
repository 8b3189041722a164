import { readFileSync } from 'node:fs';
import type { SETTING_BINDINGS } from '../bindings.ts';
import type { Definition } from '../engine/definition.ts';
import { loadDefinition } from '../engine/parse.ts';
import { LOCAL_SUBSTITUTIONS } from './arns.ts';

export type Settings = Partial<Record<keyof typeof SETTING_BINDINGS, string>>;

/** The two machines from their files, as they are deployed; settings as on one machine where none are given. */
export function loadMachines(settings: Settings = {}): { pipeline: Definition; stageJob: Definition } {
  const load = (file: string) =>
    loadDefinition(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'), {
      ...LOCAL_SUBSTITUTIONS,
      ...settings,
    });
  return { pipeline: load('pipeline.asl.json'), stageJob: load('stage-job.asl.json') };
}
