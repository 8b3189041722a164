import { join } from 'node:path';
import type { Config } from '#lib/config.ts';
import { runKeys } from '#lib/store/keys.ts';
import { openKey } from './deidentify/key.ts';

/**
 * The configuration with the secret that its pseudonyms need: its own, or one that lies in the folder of the run. That
 * one is made at the first run, for its owner alone to read, so that later runs into the folder give the same pseudonyms.
 * `newKey`: the file, when it was made just now.
 */
export function withPseudonymSecret(config: Config, out: string): { config: Config; newKey?: string } {
  const { identifiers, course_salt: given } = config.organize;
  if (identifiers !== 'pseudonym' || given !== null) return { config };
  const file = join(out, runKeys.pseudonymKey);
  const { secret, isNew } = openKey(file);
  return { config: withSecret(config, secret), ...(isNew && { newKey: file }) };
}

/** For a look at the data that writes nothing: it shows its owner the files by their names, and no pseudonym. */
export function withPassingSecret(config: Config): Config {
  const passing = withSecret(config, config.organize.course_salt ?? 'written nowhere');
  return { ...passing, organize: { ...passing.organize, identifiers: 'id' } };
}

function withSecret(config: Config, secret: string): Config {
  return { ...config, organize: { ...config.organize, course_salt: secret } };
}
