import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BadInput } from '../errors.ts';
import { fileStore } from './file.ts';
import type { BucketAccess } from './s3.ts';
import type { ObjectStore } from './store.ts';

/**
 * The store that a URI names: `s3://bucket/prefix`, `file:///folder`, a path, or `manifest:<file>` for the objects of S3 that the
 * file names, `manifest+unsigned:` without credentials, `manifest+requester-pays:` at our cost. For entry points only.
 * The S3 client is loaded only where it is needed.
 */
export async function openStore(uri: string): Promise<ObjectStore> {
  const s3 = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  if (s3) return (await import('./s3.ts')).s3Store(s3[1], s3[2] ?? '');
  const manifest = /^manifest(\+unsigned|\+requester-pays)?:(.+)$/s.exec(uri);
  if (manifest)
    return openManifest(manifest[2], {
      unsigned: manifest[1] === '+unsigned',
      requesterPays: manifest[1] === '+requester-pays',
    });
  if (uri.startsWith('file:')) return fileStore(fileURLToPath(uri));
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri))
    throw new BadInput('unknown kind of storage: use a folder or s3://', { where: uri });
  return fileStore(uri);
}

async function openManifest(path: string, access: BucketAccess): Promise<ObjectStore> {
  const { publicClient, s3Store } = await import('./s3.ts');
  const { manifestEntries, manifestStore } = await import('./manifest.ts');
  const file = resolve(path);
  const entries = manifestEntries(await readFile(file, 'utf8'));
  const client = publicClient(access);
  const scheme = access.unsigned ? 'manifest+unsigned' : access.requesterPays ? 'manifest+requester-pays' : 'manifest';
  return manifestStore(`${scheme}:${file}`, entries, (bucket) => s3Store(bucket, '', client, access));
}
