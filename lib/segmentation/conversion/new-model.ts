import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { BadInput } from '../../errors.ts';
import { MANIFEST_FILE } from '../custom-models/digest.ts';
import { MODEL_FILE } from '../custom-models/discover.ts';
import { parseCustomModel } from '../custom-models/schema.ts';
import { FORMAT, filesOf, type Manifest } from './manifest.ts';

const NAME = /^[A-Za-z0-9][\w.-]*$/;

/** What a converted model is, beside its networks' files. */
export interface NewModel {
  /** Of its custom_model.yaml. */
  content: { name: string };
  manifest: Omit<Manifest, 'format' | 'name' | 'files'>;
}

/**
 * Puts a model into the folder of models as `<root>/<name>`, whole or not at all.
 * @param make writes the networks into a folder and tells what they are
 * @returns the folder of the model @throws BadInput for a name that is no name or is taken
 */
export async function addAsModel(
  root: string,
  name: string,
  make: (folder: string) => Promise<NewModel>,
): Promise<string> {
  if (!NAME.test(name))
    throw new BadInput(
      `--name ${JSON.stringify(name)} has characters that are not allowed; use letters, digits, _ . and -`,
    );
  const folder = resolve(root, name);
  if (existsSync(folder)) throw new BadInput(`a model ${name} exists already: remove it first`, { where: root });
  const partial = resolve(root, `.adding-${randomUUID()}`);
  try {
    await mkdir(partial, { recursive: true });
    await write(partial, await make(partial));
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function write(folder: string, { content, manifest }: NewModel): Promise<void> {
  parseCustomModel(content, folder);
  await writeFile(join(folder, MODEL_FILE), stringify(content));
  const whole: Manifest = { format: FORMAT, name: content.name, ...manifest, files: await filesOf(folder) };
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(whole, null, 1)}\n`);
}
