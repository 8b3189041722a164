import { readFileSync } from 'node:fs';
import { BadInput } from '#lib/errors.ts';

/** Whether an input is an archive that is asked over the network, not a place of files. */
export function isArchive(location: string): boolean {
  return /^(dicomweb|dimse|dimse-tls):/.test(location);
}

/**
 * The texts of `--query`. `@file` reads them from the lines of a file, because every user of the machine can see
 * command lines while they run.
 * @throws BadInput when the file cannot be read
 */
export function queryTexts(texts: string[]): string[] {
  return texts.flatMap((text) => (text.startsWith('@') ? linesOf(text.slice(1)) : [text]));
}

function linesOf(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (cause) {
    throw new BadInput('cannot read the file named in --query', { where: path, cause });
  }
}
