import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { DeidentifySettings } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS, PROFILE_OPTIONS, type ProfileOption } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { namePattern } from '#lib/deidentify/structure-names.ts';
import { BadInput } from '#lib/errors.ts';
import { openKey } from './key.ts';

export interface DeidentifyFlags {
  key: string;
  keep: (ProfileOption | 'nothing')[];
  roiNames?: string;
  allowBurnedIn: boolean;
}

export function addDeidentifyFlags(command: Command): Command {
  return command
    .option(
      '--key <file>',
      'secret key of the pseudonyms; created if the file does not exist. Use the same key to give several uploads the same pseudonyms',
      KEY_FILE,
    )
    .addOption(
      new Option('--keep <options...>', 'what to keep that the basic profile of DICOM PS3.15 removes')
        .choices([...Object.keys(PROFILE_OPTIONS), 'nothing'])
        .default([...DEFAULT_OPTIONS]),
    )
    .option('--roi-names <file>', 'file with the structure names to keep, one per line; * matches any text')
    .option('--allow-burned-in', 'also copy images that may show text, such as screenshots', false);
}

const KEY_FILE = 'rtpipeline.key';

export interface DeidentifyRun {
  settings: DeidentifySettings;
  isNewKey: boolean;
  /** Changes with the key and the settings, and tells neither. */
  fingerprint: string;
}

/** @throws BadInput when options contradict each other, or the secret would lie among the data */
export function deidentifyRun(flags: DeidentifyFlags, input: string): DeidentifyRun {
  const options = new Set(flags.keep.filter((option) => option !== 'nothing'));
  if (options.has('full-dates') && options.has('modified-dates'))
    throw new BadInput('--keep: use either full-dates or modified-dates, not both');
  if (!relative(resolve(input), resolve(flags.key)).startsWith('..'))
    throw new BadInput('the key file is inside the data folder. Name another place with --key', {
      where: flags.key,
    });
  const names = flags.roiNames === undefined ? [] : linesOf(flags.roiNames);
  const { digest, isNew } = openKey(flags.key);
  const told = JSON.stringify([[...options].sort(), names, flags.allowBurnedIn]);
  return {
    settings: {
      options,
      pseudonyms: pseudonyms(digest),
      allowedNames: names.map(namePattern),
      allowBurnedIn: flags.allowBurnedIn,
    },
    isNewKey: isNew,
    fingerprint: Buffer.from(digest(`settings\n${told}`))
      .toString('hex')
      .slice(0, 16),
  };
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
