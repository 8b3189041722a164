import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadInput, StoreConflict, StoreMissing } from '../errors.ts';
import { compareKeys } from './order.ts';
import type { ObjectInfo, ObjectStore } from './store.ts';

/** Files being written carry this in their name and are never listed: a killed writer leaves no half object. */
const PARTIAL = '.partial-';

/** A folder as a store: a key is a path with `/` below `root`. Links that lead to files are read; cycles are not followed. */
export function fileStore(root: string, makeLink = link): ObjectStore {
  const base = resolve(root);
  const pathOf = (key: string) => pathBelow(base, key);

  return {
    uri: pathToFileURL(base).href.replace(/\/$/, ''),
    async get(key) {
      return new Uint8Array(await readFile(pathOf(key)).catch(missing(key)));
    },
    async getRange(key, start, end) {
      const file = await open(pathOf(key)).catch(missing(key));
      try {
        const { bytesRead, buffer } = await file.read(new Uint8Array(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    async put(key, body, options = {}) {
      const path = pathOf(key);
      const partial = join(dirname(path), `${PARTIAL}${randomUUID()}`);
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(partial, body);
        if (options.ifAbsent) await createOnly(partial, path, makeLink).catch(conflict(key));
        else await rename(partial, path);
      } finally {
        await rm(partial, { force: true });
      }
    },
    async head(key) {
      const found = await stat(pathOf(key)).catch(() => undefined);
      return found?.isFile() ? infoOf(key, found) : undefined;
    },
    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      yield* walk(base, folder, prefix, new Set());
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

/** Removes what writers that were killed left below a folder; answers how many files. Only while nobody writes there. */
export async function removePartials(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true }).catch(() => []);
  const partials = entries.filter((path) => basename(path).startsWith(PARTIAL));
  for (const path of partials) await rm(join(root, path), { force: true });
  return partials.length;
}

/** Errors of file systems that have no hard links: exFAT, and many shares of networks. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/**
 * A hard link fails when the name is taken: "create only" without a gap between look and write. Where there are none, the name
 * is taken by an empty file first, which the whole one then replaces: whoever is killed between the two leaves it empty.
 */
async function createOnly(partial: string, path: string, makeLink: typeof link): Promise<void> {
  try {
    await makeLink(partial, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await (await open(path, 'wx')).close();
    await rename(partial, path);
  }
}

async function* walk(base: string, folder: string, prefix: string, parents: Set<string>): AsyncGenerator<ObjectInfo> {
  const here = await stat(join(base, folder)).catch(() => undefined);
  if (!here?.isDirectory()) return;
  const identity = `${here.dev}:${here.ino}`;
  if (parents.has(identity)) return;
  const names = await readdir(join(base, folder));
  const entries = await Promise.all(
    names.filter((name) => !name.startsWith(PARTIAL)).map((name) => entry(base, folder + name)),
  );
  entries.sort((a, b) => compareKeys(a.sortKey, b.sortKey));
  for (const { key, found } of entries) {
    if (found?.isDirectory()) {
      const below = `${key}/`;
      if (below.startsWith(prefix) || prefix.startsWith(below))
        yield* walk(base, below, prefix, new Set([...parents, identity]));
    } else if (found?.isFile() && key.startsWith(prefix)) yield infoOf(key, found);
  }
}

async function entry(base: string, key: string): Promise<{ key: string; sortKey: string; found: Stats | undefined }> {
  const found = await stat(join(base, key)).catch(() => undefined);
  return { key, sortKey: found?.isDirectory() ? `${key}/` : key, found };
}

function infoOf(key: string, { size, mtimeMs, ctimeMs }: Stats): ObjectInfo {
  const at = (ms: number) => Math.round(ms).toString(36);
  return { key, bytes: size, version: `${size.toString(36)}-${at(mtimeMs)}`, changed: at(ctimeMs) };
}

function pathBelow(base: string, key: string): string {
  const path = resolve(base, key);
  if (key === '' || key.includes('\0') || !path.startsWith(base + sep))
    throw new BadInput('key leaves the store', { where: key });
  return path;
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
