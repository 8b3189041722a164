import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BadInput, describeError } from '../../errors.ts';
import { checkLogits } from './check-logits.ts';
import { changedFiles, hasManifest, readManifest } from './manifest.ts';

/**
 * Whether a model is as it was added: the digests of its files, and the answers of its networks.
 * @returns what is amiss, a line each; undefined for a model without a manifest, which a person put there
 */
export async function verifyModel(folder: string): Promise<string[] | undefined> {
  const manifest = await readManifest(folder);
  if (!manifest) return undefined;
  const changed = await changedFiles(folder, manifest);
  if (changed.length > 0) return changed;
  const wrong: string[] = [];
  for (const { input, folds } of manifest.networks) {
    for (const { file, ...known } of folds) {
      await checkLogits(join(folder, file), input, known).catch((error) => wrong.push(describeError(error)));
    }
  }
  return wrong;
}

/** Deletes a model that was added, whatever became of its files; one that a person put there stays. @returns its folder @throws BadInput */
export async function removeModel(root: string, name: string): Promise<string> {
  const folder = resolve(root, name);
  if (basename(folder) !== name) throw new BadInput(`${name} is not a valid model name`);
  if (!hasManifest(folder))
    throw new BadInput('`models add` did not create a model with this name; delete other models yourself', {
      where: folder,
    });
  await rm(folder, { recursive: true });
  return folder;
}
