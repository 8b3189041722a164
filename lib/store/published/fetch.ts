import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openStore } from '../open.ts';
import type { ObjectStore } from '../store.ts';
import { checkDigest, type Manifest, parseManifest, parsePublishedUri, partKey, treeKey } from './manifest.ts';

/**
 * The folder on this machine that holds what a published folder's URI pins. It is fetched once, each part held against its
 * digest, and appears whole or not at all: of jobs that start together each fetches, the first one's stays.
 * @param cache folder of such folders, shared by the jobs of a host
 * @throws BadInput when a part is not what the list says; StoreMissing when it is not there
 */
export async function fetchFolder(
  uri: string,
  cache: string,
  open: (uri: string) => Promise<ObjectStore> = openStore,
): Promise<string> {
  const { storeUri, sha256 } = parsePublishedUri(uri);
  const folder = join(cache, sha256);
  if (existsSync(folder)) return folder;
  const store = await open(storeUri);
  const manifest = parseManifest(await store.get(treeKey(sha256)), sha256);
  const partial = `${folder}.partial-${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  try {
    for (const file of manifest.files) await fetchFile(file, partial, store);
    await rename(partial, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function fetchFile({ path, parts }: Manifest['files'][number], folder: string, store: ObjectStore) {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  const file = await open(target, 'wx');
  try {
    for (const { sha256 } of parts) {
      const body = await store.get(partKey(sha256));
      checkDigest(body, sha256, partKey(sha256));
      await file.writeFile(body);
    }
  } finally {
    await file.close();
  }
}
