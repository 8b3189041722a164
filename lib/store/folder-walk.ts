import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { BadInput, isShortage } from '../errors.ts';
import { spelled } from './name-bytes.ts';
import { compareKeys } from './order.ts';
import { isPartialName } from './partial.ts';
import type { ObjectInfo } from './store.ts';

/** How a store finds the place of a key, and whether what is no object is listed too. */
export interface Walk {
  pathOf(key: string): string | Buffer;
  everything: boolean;
}

/** Links to folders within linked folders: more are links that cross each other, which multiply without end. */
const MOST_LINKS = 4;

/**
 * The files below a folder whose keys start with `prefix`, in the order of their keys. With `everything`, whatever lies there
 * comes out: what is no file, or cannot be reached, with the reason. Otherwise that is left out.
 * @throws BadInput when the first folder cannot be read, or any where only files are asked for
 */
export async function* walkFolder(folder: string, prefix: string, walk: Walk): AsyncGenerator<ObjectInfo> {
  const here = await stat(walk.pathOf(folder)).catch(errorCode);
  if (here === 'ENOENT' || here === 'ENOTDIR') return;
  if (typeof here === 'string') throw folderError(folder, here, walk);
  if (here.isDirectory()) yield* walkInto(folder, prefix, walk, { folders: [identityOf(here)], links: 0 });
}

/** What leads from the first folder to this one. */
interface Way {
  folders: string[];
  links: number;
}

async function* walkInto(folder: string, prefix: string, walk: Walk, way: Way): AsyncGenerator<ObjectInfo> {
  const names = await namesIn(folder, walk);
  if (typeof names === 'string') return yield blocked(folder, 'unreadable', names);
  const entries = await Promise.all(names.map((name) => entryOf(folder + name, isPartialName(name), walk)));
  entries.sort((a, b) => compareKeys(a.sortKey, b.sortKey));
  for (const entry of entries) {
    if (entry.kind === 'folder') {
      const inside = entry.sortKey.startsWith(prefix) || prefix.startsWith(entry.sortKey);
      const reason = inside && whyNotEntered(entry, way);
      if (reason) yield* walk.everything ? [blocked(entry.sortKey, 'not_a_file', reason)] : [];
      else if (inside) yield* walkInto(entry.sortKey, prefix, walk, wayInto(entry, way));
    } else if (entry.sortKey.startsWith(prefix)) {
      if (entry.kind === 'file') yield infoOf(entry.sortKey, entry.found);
      else if (entry.kind === 'blocked' && walk.everything) yield entry.info;
    }
  }
}

type Entry =
  | { sortKey: string; kind: 'folder'; identity: string; isLink: boolean }
  | { sortKey: string; kind: 'file'; found: Stats }
  | { sortKey: string; kind: 'blocked'; info: ObjectInfo }
  | { sortKey: string; kind: 'gone' };

async function entryOf(key: string, isPartial: boolean, { pathOf }: Walk): Promise<Entry> {
  const refuse = (reason: 'not_a_file' | 'unreadable', message: string): Entry => ({
    sortKey: key,
    kind: 'blocked',
    info: blocked(key, reason, message),
  });
  const itself = await lstat(pathOf(key)).catch(errorCode);
  if (itself === 'ENOENT') return { sortKey: key, kind: 'gone' };
  if (typeof itself === 'string') return refuse('unreadable', unreachable(itself));
  const isLink = itself.isSymbolicLink();
  const found = isLink ? await stat(pathOf(key)).catch(errorCode) : itself;
  if (found === 'ENOENT' || found === 'ENOTDIR') return refuse('not_a_file', 'a broken link');
  if (found === 'ELOOP') return refuse('not_a_file', 'a circular link');
  if (typeof found === 'string') return refuse('unreadable', unreachable(found));
  if (found.isDirectory()) return { sortKey: `${key}/`, kind: 'folder', identity: identityOf(found), isLink };
  if (!found.isFile()) return refuse('not_a_file', kindOf(found));
  if (isPartial) return refuse('not_a_file', 'an incomplete file: the program that wrote it was stopped');
  return { sortKey: key, kind: 'file', found };
}

function kindOf(found: Stats): string {
  if (found.isFIFO()) return 'a pipe (FIFO), not a file';
  if (found.isSocket()) return 'a socket, not a file';
  return 'a device, not a file';
}

function whyNotEntered({ identity, isLink }: Entry & { kind: 'folder' }, { folders, links }: Way): string | undefined {
  if (folders.includes(identity)) return 'a link to a folder that contains it';
  if (isLink && links >= MOST_LINKS) return `a link to a folder, after ${MOST_LINKS} other links`;
  return undefined;
}

function wayInto({ identity, isLink }: Entry & { kind: 'folder' }, { folders, links }: Way): Way {
  return { folders: [...folders, identity], links: links + (isLink ? 1 : 0) };
}

/** The names in a folder as keys, or why there are none. @throws BadInput where only whole folders count */
async function namesIn(folder: string, walk: Walk): Promise<string[] | string> {
  try {
    return (await readdir(walk.pathOf(folder), { encoding: 'buffer' })).map(spelled);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT') return [];
    if (isShortage(cause)) throw cause;
    if (walk.everything && folder !== '') return `a folder that ${unreachable(code)}`;
    throw folderError(folder, code, walk);
  }
}

function folderError(folder: string, code: string, { pathOf }: Walk): BadInput {
  return new BadInput(`the folder ${unreachable(code)}`, { where: String(pathOf(folder)) });
}

function unreachable(code: string): string {
  return code === 'EACCES' || code === 'EPERM'
    ? `cannot be read: ${code}, permission denied`
    : `cannot be read: ${code}`;
}

function errorCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return code;
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

function blocked(key: string, reason: 'not_a_file' | 'unreadable', message: string): ObjectInfo {
  return { key, bytes: 0, version: '', blocked: { reason, message } };
}

/** The facts that a store gives about a file. */
export function infoOf(key: string, { size, mtimeMs, ctimeMs }: Stats): ObjectInfo {
  const at = (ms: number) => Math.round(ms).toString(36);
  return { key, bytes: size, version: `${size.toString(36)}-${at(mtimeMs)}`, changed: at(ctimeMs) };
}
