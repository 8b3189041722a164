import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE } from './discover.ts';

/** Of a converted model: holds the digests of its files. */
export const MANIFEST_FILE = 'manifest.json';

/**
 * Changes when a model of the folder does: the text of each custom_model.yaml and of its manifest, and name and size of
 * the files beside it. Weights that are unpacked later lie deeper and do not count. null when the folder is not there.
 */
export async function modelsDigest(root: string): Promise<string | null> {
  const folders = await readdir(root).catch(() => undefined);
  if (!folders) return null;
  const hash = createHash('sha256');
  for (const folder of folders.sort()) {
    const text = await readFile(join(root, folder, MODEL_FILE)).catch(() => undefined);
    if (text === undefined) continue;
    hash.update(folder).update(text);
    hash.update(await readFile(join(root, folder, MANIFEST_FILE)).catch(() => ''));
    for (const name of (await readdir(join(root, folder))).sort()) {
      const info = await stat(join(root, folder, name));
      if (info.isFile()) hash.update(`${name} ${info.size}`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
