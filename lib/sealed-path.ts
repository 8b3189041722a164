import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { BadInput } from './errors.ts';
import { keyedDigest } from './secrets.ts';

/** Paths of an upload name patients: so begins what stands in their place where the tables hold pseudonyms. */
const SEALED = 'file-';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Paths that only who has the secret can read. */
export interface PathSeal {
  /** One path has one sealed text, always: results that hold it stay equal from run to run. */
  seal(path: string): string;
  /** @throws BadInput when the text was sealed by another secret */
  open(sealed: string): string;
}

export function isSealed(key: string): boolean {
  return new RegExp(`^${SEALED}[\\w-]{38,}$`).test(key);
}

/** AES-256-GCM; the initialization vector is a keyed digest of the path, so that no two paths share one. */
export function pathSeal(secret: string): PathSeal {
  const digest = keyedDigest(secret);
  const key = createHash('sha256').update(digest('key of paths')).digest();
  return {
    seal(path) {
      const iv = digest(`path\n${path}`).subarray(0, IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv);
      const hidden = Buffer.concat([cipher.update(path, 'utf8'), cipher.final()]);
      return SEALED + Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(SEALED.length), 'base64url');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        const path = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
        return Buffer.concat([path, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new BadInput('another secret encrypted this file name: run again', { where: sealed, cause });
      }
    },
  };
}
