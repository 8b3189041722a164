import { fileURLToPath } from 'node:url';
import { BadInput } from '../errors.ts';
import { fileStore } from './file.ts';
import type { ObjectStore } from './store.ts';

/**
 * The store that a URI names: `s3://bucket/prefix`, `file:///folder` or a path. For entry points only.
 * The S3 client is loaded only where it is needed.
 */
export async function openStore(uri: string): Promise<ObjectStore> {
  const s3 = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  if (s3) return (await import('./s3.ts')).s3Store(s3[1], s3[2] ?? '');
  if (uri.startsWith('file:')) return fileStore(fileURLToPath(uri));
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) throw new BadInput('unknown kind of store', { where: uri });
  return fileStore(uri);
}
