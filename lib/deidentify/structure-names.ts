import { type IdentityWords, isHarmless } from './clean-text.ts';

/** What became of the name of a structure. */
export interface StructureName {
  number: string;
  original: string;
  written: string;
}

/**
 * Names of structures are keys of research: half a name might mean something else, so a name stays whole or becomes
 * `ROI_<number>`. It stays when it is made of known words and numbers, or matches one of `allowed` (`*` for any text).
 */
export function structureName(
  original: string,
  number: string,
  identity: IdentityWords,
  allowed: readonly RegExp[],
): StructureName {
  const stays = allowed.some((pattern) => pattern.test(original)) || isHarmless(original, identity);
  return { number, original, written: stays ? original : `ROI_${number}` };
}

/** A pattern for a whole name, whatever its case. */
export function namePattern(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'iu');
}
