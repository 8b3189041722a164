import { BadInput, describeError, PipelineError } from '../errors.ts';
import type { ArchiveEntry, RangeSource } from './archive-entry.ts';
import type { ObjectStore } from './store.ts';
import { tarEntries } from './tar-entries.ts';
import { zipEntries } from './zip-entries.ts';

export type ArchiveKind = 'zip' | 'gzip' | 'tar';

/** What an archive may become before it counts as a bomb. */
export interface ArchiveLimits {
  /** All files together. */
  totalBytes: number;
  files: number;
  /** One file: it is held in memory. */
  entryBytes: number;
  /** Unpacked to packed size, once `freeBytes` are unpacked. */
  ratio: number;
  freeBytes: number;
}

const GIB = 2 ** 30;
export const DEFAULT_LIMITS: ArchiveLimits = {
  totalBytes: 512 * GIB,
  files: 5_000_000,
  entryBytes: 2 * GIB - 1,
  ratio: 100,
  freeBytes: GIB,
};

export interface UnpackOptions {
  /** Goes before the names of the entries, with its slash. */
  prefix?: string;
  limits?: Partial<ArchiveLimits>;
  /** Archives within the archive are files like others: the checkpoints of PyTorch are ZIP files. */
  keepArchives?: boolean;
  signal?: AbortSignal;
}

export interface Unpacked {
  files: number;
  bytes: number;
  /** Entries that were not unpacked, and why. */
  refusals: { entry: string; reason: string }[];
}

/** How many bytes `archiveKind` wants to see. */
export const HEAD_BYTES = 512;

/** The kind of archive that begins with `head`, by content; undefined when it is none. */
export function archiveKind(head: Uint8Array): ArchiveKind | undefined {
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return 'zip';
  if (startsWith(head, [0x1f, 0x8b, 8])) return 'gzip';
  return isTarHeader(head) ? 'tar' : undefined;
}

/** An object of a store as the source of an archive. */
export async function storedArchive(store: ObjectStore, key: string): Promise<RangeSource> {
  const info = await store.head(key);
  if (!info) throw new BadInput('no such archive', { where: key });
  return { bytes: info.bytes, read: (start, end) => store.getRange(key, start, end) };
}

/**
 * Unpacks a ZIP, tar or gzipped tar archive into a store, one file after the other. Names that leave the folder, links,
 * devices, encrypted or broken files and archives within the archive are refused one by one and reported.
 * @throws BadInput when it is no archive, is broken as a whole or goes beyond a limit
 */
export async function unpackArchive(
  source: RangeSource,
  target: ObjectStore,
  options: UnpackOptions = {},
): Promise<Unpacked> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const done: Unpacked = { files: 0, bytes: 0, refusals: [] };
  const taken = new Map<string, 'file' | 'folder'>();
  for await (const entry of await entriesOf(source)) {
    options.signal?.throwIfAborted();
    if (done.files + done.refusals.length >= limits.files)
      throw new BeyondLimit(`more than ${limits.files} files in the archive`, { where: entry.name });
    try {
      const path = safePath(entry.name);
      claim(path, taken);
      const content = await contentOf(entry, done.bytes, source.bytes, limits, options.keepArchives ?? false);
      await target.put((options.prefix ?? '') + path, content);
      done.files += 1;
      done.bytes += content.length;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      done.refusals.push({ entry: entry.name, reason: error.message });
    }
  }
  return done;
}

/** This entry is not unpacked; the others are. */
class Refused extends Error {}

/** The archive as a whole goes beyond a limit. */
class BeyondLimit extends BadInput {}

async function entriesOf(source: RangeSource): Promise<AsyncIterable<ArchiveEntry>> {
  const kind = archiveKind(await source.read(0, Math.min(HEAD_BYTES, source.bytes)));
  if (!kind) throw new BadInput('neither a ZIP nor a tar archive');
  return kind === 'zip' ? zipEntries(source) : tarEntries(source, { gzip: kind === 'gzip' });
}

/** The name as a path below the target; backslashes are separators, as Windows writes them. */
function safePath(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  if (/^(\/|[a-z]:)/i.test(name.replaceAll('\\', '/'))) throw new Refused('an absolute path');
  if (parts.includes('..')) throw new Refused('the path leaves the folder');
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  if (path === '' || hasControlCharacter(path)) throw new Refused('an impossible name');
  return path;
}

/** One name, one file: not a second time, not below a file, not in the place of a folder. */
function claim(path: string, taken: Map<string, 'file' | 'folder'>): void {
  if (taken.has(path)) throw new Refused(`a second entry of this name, the first is a ${taken.get(path)}`);
  const parts = path.split('/');
  const folders = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
  if (folders.some((folder) => taken.get(folder) === 'file')) throw new Refused('a file has the name of its folder');
  for (const folder of folders) taken.set(folder, 'folder');
  taken.set(path, 'file');
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\x7f');
}

async function contentOf(
  entry: ArchiveEntry,
  before: number,
  packed: number,
  limits: ArchiveLimits,
  keepArchives: boolean,
): Promise<Uint8Array> {
  if (entry.refusal !== undefined) throw new Refused(entry.refusal);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of entry.read()) {
      bytes += piece.length;
      if (bytes > limits.entryBytes) throw new Refused(`larger than ${limits.entryBytes} bytes`);
      requireWithin(before + bytes, packed, limits, entry.name);
      pieces.push(piece);
    }
  } catch (error) {
    throw isBrokenContent(error) ? new Refused(describeError(error)) : error;
  }
  const content = join(pieces, bytes);
  if (!keepArchives && archiveKind(content)) throw new Refused('an archive within the archive is not opened');
  return content;
}

function requireWithin(unpacked: number, packed: number, limits: ArchiveLimits, where: string): void {
  if (unpacked > limits.totalBytes)
    throw new BeyondLimit(`more than ${limits.totalBytes} bytes in the archive`, { where });
  if (unpacked > limits.freeBytes && unpacked > limits.ratio * packed)
    throw new BeyondLimit(`the archive unpacks to more than ${limits.ratio} times its size`, { where });
}

/** What zlib and the ZIP reader say of content; a store or disk that fails is another matter. */
function isBrokenContent(error: unknown): boolean {
  if (error instanceof Refused || error instanceof BeyondLimit || !(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : undefined;
  return (
    error instanceof BadInput || (!(error instanceof PipelineError) && (code === undefined || code.startsWith('Z_')))
  );
}

function join(pieces: Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function startsWith(head: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;

/** The first header of a tar archive carries the sum of its bytes, its own field counted as spaces. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES || head[0] === 0) return false;
  const field = String.fromCharCode(...head.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  const octal = /^ *([0-7]+)[ \0]*$/.exec(field)?.[1];
  if (octal === undefined) return false;
  let sum = CHECKSUM_BYTES * 0x20;
  for (let i = 0; i < HEAD_BYTES; i++) if (i < CHECKSUM_AT || i >= CHECKSUM_AT + CHECKSUM_BYTES) sum += head[i];
  return sum === Number.parseInt(octal, 8);
}
