import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BadInput } from '../../errors.ts';

/** The content of a JSON file of a model. @throws BadInput when it is not there or broken */
export async function readModelJson(file: string): Promise<unknown> {
  const content = await readModelJsonIfAny(file);
  if (content === undefined) throw new BadInput('the file does not exist', { where: basename(file) });
  return content;
}

/** undefined when the file is not there. @throws BadInput when it is broken */
export async function readModelJsonIfAny(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new BadInput('the file cannot be read', { where: basename(file), cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadInput('the file is not valid JSON', { where: basename(file), cause });
  }
}
