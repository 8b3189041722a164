import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { BadInput } from '#lib/errors.ts';
import { spelled } from '#lib/store/name-bytes.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { isArchive } from './fetch/archive.ts';

/**
 * The upload that a person names: a folder, an archive file, an S3 prefix, or a manifest of S3 URIs. An output folder inside the input is not part
 * of it.
 * @throws BadInput when there is nothing there
 */
export async function openInput(location: string, out?: string): Promise<ObjectStore> {
  if (/^(s3|manifest(\+unsigned|\+requester-pays)?):/.test(location)) return openStore(location);
  if (isArchive(location))
    throw new BadInput(
      'this command does not read from an archive. Fetch the data into a folder first, with `rtpipeline fetch`',
    );
  const found = await stat(location).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new BadInput('this folder or file does not exist', { where: location });
    throw cause;
  });
  const name = spelled(Buffer.from(basename(location)));
  if (found.isFile()) return only(await openStore(dirname(resolve(location))), (key) => key === name);
  if (!found.isDirectory()) throw new BadInput('this is neither a folder nor a file', { where: location });
  if (out === undefined) return openStore(location);
  const inside = relative(resolve(location), resolve(out));
  if (inside === '')
    throw new BadInput('input and output are the same folder: choose another --out', { where: location });
  const store = await openStore(location);
  if (inside.startsWith('..')) return store;
  const output = `${inside.split(sep).join('/')}/`;
  return only(store, (key) => !key.startsWith(output));
}

/** The store with only some keys listed. */
function only(store: ObjectStore, isListed: (key: string) => boolean): ObjectStore {
  return {
    ...store,
    async *list(prefix, options) {
      for await (const info of store.list(prefix, options)) if (isListed(info.key)) yield info;
    },
  };
}
