import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput, StoreConflict, StoreMissing } from '../errors.ts';
import { infoOf, walkFolder } from './folder-walk.ts';
import { nameOf } from './name-bytes.ts';
import { isPartialName, newPartialName } from './partial.ts';
import { readRange } from './read-range.ts';
import type { ObjectStore } from './store.ts';

/**
 * A folder as a store: a key is a path with `/` below `root`, its names as lib/store/name-bytes.ts spells them. Links that
 * lead to files are read; cycles are not followed.
 */
export function fileStore(root: string, makeLink = link): ObjectStore {
  const base = resolve(root);
  const pathOf = (key: string) => pathBelow(base, key);

  async function write(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, ifAbsent: boolean): Promise<void> {
    const path = pathOf(key);
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const partial = pathOf(folder + newPartialName());
    await mkdir(folder === '' ? base : pathOf(folder), { recursive: true });
    try {
      await writeFile(partial, body);
      if (ifAbsent) await createOnly(partial, path, makeLink).catch(conflict(key));
      else await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  }

  return {
    uri: pathToFileURL(base).href.replace(/\/$/, ''),
    async get(key) {
      return new Uint8Array(await readFile(pathOf(key)).catch(missing(key)));
    },
    async getRange(key, start, end) {
      return readRange(pathOf(key), start, end).catch(missing(key));
    },
    put: (key, body, options = {}) => write(key, body, options.ifAbsent ?? false),
    putPieces: (key, pieces) => write(key, pieces, false),
    async head(key) {
      const found = await stat(pathOf(key)).catch(() => undefined);
      return found?.isFile() ? infoOf(key, found) : undefined;
    },
    list(prefix, { everything = false } = {}) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      return walkFolder(folder, prefix, { everything, pathOf: (key) => (key === '' ? base : pathOf(key)) });
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

/**
 * Removes partial files of killed writers below a folder. Call it only while nobody writes there.
 * @returns how many files
 */
export async function removePartials(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true }).catch(() => []);
  const partials = entries.filter((path) => isPartialName(basename(path)));
  for (const path of partials) await rm(join(root, path), { force: true });
  return partials.length;
}

/** Errors of file systems that have no hard links: exFAT, and many shares of networks. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/**
 * A hard link fails when the name is taken: "create only" without a gap between look and write. Where there are none, the name
 * is taken by an empty file first, which the whole one then replaces: whoever is killed between the two leaves it empty.
 */
async function createOnly(partial: string | Buffer, path: string | Buffer, makeLink: typeof link): Promise<void> {
  try {
    await makeLink(partial, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await (await open(path, 'wx')).close();
    await rename(partial, path);
  }
}

function pathBelow(base: string, key: string): string | Buffer {
  const path = resolve(base, key);
  if (key === '' || key.includes('\0') || !path.startsWith(base + sep))
    throw new BadInput('key leaves the store', { where: key });
  const name = nameOf(key);
  return typeof name === 'string' ? path : Buffer.concat([Buffer.from(base + sep), name]);
}

function missing(key: string) {
  return (cause: NodeJS.ErrnoException): never => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(cause.code ?? ''))
      throw new StoreMissing('no such object', { where: key, cause });
    throw cause;
  };
}

function conflict(key: string) {
  return (cause: NodeJS.ErrnoException): never => {
    if (cause.code === 'EEXIST') throw new StoreConflict('object exists', { where: key, cause });
    throw cause;
  };
}
