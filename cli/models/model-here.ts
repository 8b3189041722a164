import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BadInput } from '#lib/errors.ts';
import type { ObjectStore } from '#lib/store/store.ts';

const PIECE_BYTES = 16 * 2 ** 20;

/**
 * Copies a trained model from a store into a folder: one ZIP, or all that lies under a prefix.
 * @param uri of the ZIP or the folder, for messages; its last part names the ZIP
 * @param store opened at the folder of the ZIP, or at the folder itself
 * @returns the ZIP or the folder on this machine @throws BadInput when there is nothing
 */
export async function modelHere(store: ObjectStore, uri: string, folder: string): Promise<string> {
  const zip = zipOf(uri);
  if (zip !== undefined) {
    const info = await store.head(zip);
    if (!info) throw new BadInput('this ZIP does not exist', { where: uri });
    return copy(store, zip, info.bytes, folder);
  }
  let files = 0;
  for await (const { key, bytes } of store.list('')) {
    if (key === '' || key.endsWith('/')) continue;
    await copy(store, key, bytes, folder);
    files++;
  }
  if (files === 0) throw new BadInput('there are no files', { where: uri });
  return folder;
}

/** The store to open for a URI: the folder of a ZIP, else the folder itself. */
export function storeOf(uri: string): string {
  return zipOf(uri) === undefined ? uri : uri.slice(0, uri.lastIndexOf('/'));
}

function zipOf(uri: string): string | undefined {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return /\.zip$/i.test(name) ? name : undefined;
}

async function copy(store: ObjectStore, key: string, bytes: number, folder: string): Promise<string> {
  if (key.split('/').includes('..')) throw new BadInput('the name of a file leads out of the folder', { where: key });
  const to = join(folder, key);
  await mkdir(dirname(to), { recursive: true });
  await pipeline(Readable.from(pieces(store, key, bytes)), createWriteStream(to));
  return to;
}

async function* pieces(store: ObjectStore, key: string, bytes: number) {
  for (let start = 0; start < bytes; start += PIECE_BYTES)
    yield await store.getRange(key, start, Math.min(bytes, start + PIECE_BYTES));
}
