import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { BadConfig } from '#lib/errors.ts';

const FOLDER = new URL('./', import.meta.url);

export interface MachineProfile {
  name: string;
  /** The machine that it is for. */
  description: string;
  settings: Record<string, unknown>;
}

/** Settings for kinds of machines, as files in the form of a configuration; the first line says what machine. */
export function readProfiles(): MachineProfile[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      const [, description = ''] = /^# (.*)/.exec(text) ?? [];
      return { name: file.replace('.yaml', ''), description, settings: parse(text) };
    });
}

/** @throws BadConfig naming the profiles that there are */
export function readProfile(name: string): MachineProfile {
  const profiles = readProfiles();
  const found = profiles.find((profile) => profile.name === name);
  if (found) return found;
  throw new BadConfig(`--profile ${name} does not exist; use ${profiles.map((one) => one.name).join(', ')}`);
}
