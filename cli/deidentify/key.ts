import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Digest } from '#lib/deidentify/pseudonyms.ts';
import { BadInput } from '#lib/errors.ts';
import { keyedDigest } from '#lib/secrets.ts';

/** The secret that all pseudonyms of a project follow from. */
export interface Key {
  /** 64 hexadecimal digits. */
  secret: string;
  digest: Digest;
  /** It was made just now. */
  isNew: boolean;
}

const KEY_BYTES = 32;

/**
 * Reads the secret from a file, or makes one where there is no file: only its owner may read it.
 * @throws BadInput when the file is no key
 */
export function openKey(file: string): Key {
  const isNew = !existsSync(file);
  if (isNew) writeFileSync(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new BadInput('the key file must hold 64 hexadecimal digits', { where: file });
  return { secret: text, digest: keyedDigest(text), isNew };
}
