import { basename } from 'node:path';
import { BadInput, describeError, PipelineError, Transient } from '../../errors.ts';
import type { ObjectStore } from '../store.ts';
import type { ArchiveEntry, RangeSource } from './entry.ts';
import { gzipEntries } from './gzip-entries.ts';
import { archiveKind, HEAD_BYTES } from './kind.ts';
import { claim, Refused, safePath } from './safe-path.ts';
import { tarEntries } from './tar-entries.ts';
import { zipEntries } from './zip-entries.ts';

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
  /** Archives in each other, the outermost counted. */
  depth: number;
}

const GIB = 2 ** 30;
export const DEFAULT_LIMITS: ArchiveLimits = {
  totalBytes: 512 * GIB,
  files: 5_000_000,
  entryBytes: 2 * GIB - 1,
  ratio: 100,
  freeBytes: GIB,
  depth: 4,
};

export interface UnpackOptions {
  /** Goes before the names of the entries, with its slash. */
  prefix?: string;
  /** Key of the archive: a gzipped file is named after it. */
  name?: string;
  limits?: Partial<ArchiveLimits>;
  /** Archives within the archive are files like others: the checkpoints of PyTorch are ZIP files. */
  keepArchives?: boolean;
  signal?: AbortSignal;
}

export interface Unpacked {
  files: number;
  bytes: number;
  /** Archives within the archive: what they held lies in a folder of their name. */
  archives: string[];
  /** Entries that were not unpacked, and why. */
  refusals: { entry: string; reason: string }[];
}

/** An object of a store as the source of an archive. @throws BadInput when it is not there */
export async function storedArchive(store: ObjectStore, key: string): Promise<RangeSource> {
  const info = await store.head(key);
  if (!info) throw new BadInput('no such archive', { where: key });
  const read = (start: number, end: number) =>
    store.getRange(key, start, end).catch((cause: unknown) => {
      if (cause instanceof Transient) throw cause;
      throw new ArchiveNotGiven('the archive cannot be read', { cause });
    });
  return { bytes: info.bytes, read };
}

/** The disk did not give a part of the archive, which tells nothing of what is in it. */
export class ArchiveNotGiven extends BadInput {}

/**
 * Unpacks a ZIP, tar or gzip archive into a store, one file after the other, and the archives in it. Names that leave the
 * folder, links, devices, encrypted or broken files are refused one by one and reported.
 * @throws BadInput when it is no archive, is broken as a whole or goes beyond a limit
 */
export async function unpackArchive(
  source: RangeSource,
  target: ObjectStore,
  options: UnpackOptions = {},
): Promise<Unpacked> {
  const unpacking: Unpacking = {
    target,
    options,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    packedBytes: source.bytes,
    done: { files: 0, bytes: 0, archives: [], refusals: [] },
  };
  await unpackInto('', source, basename(options.name ?? 'content'), 1, unpacking);
  return unpacking.done;
}

/** One call of `unpackArchive`, with all archives within. */
interface Unpacking {
  target: ObjectStore;
  options: UnpackOptions;
  limits: ArchiveLimits;
  packedBytes: number;
  done: Unpacked;
}

/** The archive as a whole goes beyond a limit. */
class BeyondLimit extends BadInput {}

async function unpackInto(
  folder: string,
  source: RangeSource,
  name: string,
  depth: number,
  unpacking: Unpacking,
): Promise<void> {
  const { done, limits, options } = unpacking;
  const taken = new Map<string, 'file' | 'folder'>();
  for await (const entry of await entriesOf(source, name)) {
    options.signal?.throwIfAborted();
    if (done.files + done.refusals.length >= limits.files)
      throw new BeyondLimit(`more than ${limits.files} files in the archive`, { where: entry.name });
    try {
      const path = safePath(folder + entry.name);
      claim(path, taken);
      const content = await contentOf(entry, unpacking);
      if (archiveKind(content) && !options.keepArchives) await unpackNested(path, content, depth, unpacking);
      else await keep(path, content, unpacking);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      done.refusals.push({ entry: folder + entry.name, reason: error.message });
    }
  }
}

async function keep(path: string, content: Uint8Array, { target, options, done }: Unpacking): Promise<void> {
  await target.put((options.prefix ?? '') + path, content).catch(refuseName);
  done.files += 1;
  done.bytes += content.length;
}

/** What a file system says of a name that it cannot have: too long, in the place of a folder, of other characters. */
const OF_THE_NAME = ['ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'EILSEQ', 'EINVAL'];

function refuseName(error: NodeJS.ErrnoException): never {
  if (!OF_THE_NAME.includes(error.code ?? '')) throw error;
  throw new Refused(`a name that the file system does not accept: ${error.code}`);
}

/** What an archive within holds goes into a folder of its name. A broken one is refused, what came before stays. */
async function unpackNested(path: string, content: Uint8Array, depth: number, unpacking: Unpacking): Promise<void> {
  const { depth: most } = unpacking.limits;
  if (depth >= most) throw new Refused(`archives nested more than ${most} deep are not opened`);
  const source = { bytes: content.length, read: async (start: number, end: number) => content.subarray(start, end) };
  try {
    await unpackInto(`${path}/`, source, basename(path), depth + 1, unpacking);
  } catch (error) {
    const isOfWhole = error instanceof BeyondLimit || error instanceof ArchiveNotGiven;
    if (isOfWhole || !(error instanceof BadInput)) throw error;
    throw new Refused(describeError(error));
  }
  unpacking.done.archives.push(path);
}

async function entriesOf(source: RangeSource, name: string): Promise<AsyncIterable<ArchiveEntry>> {
  const kind = archiveKind(await source.read(0, Math.min(HEAD_BYTES, source.bytes)));
  if (!kind) throw new BadInput('neither a ZIP nor a tar nor a gzip archive');
  if (kind === 'gzip') return gzipEntries(source, name);
  return kind === 'zip' ? zipEntries(source) : tarEntries(source, { gzip: false });
}

async function contentOf(entry: ArchiveEntry, { done, packedBytes, limits }: Unpacking): Promise<Uint8Array> {
  if (entry.refusal !== undefined) throw new Refused(entry.refusal);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of entry.read()) {
      bytes += part.length;
      if (bytes > limits.entryBytes) throw new Refused(`larger than ${limits.entryBytes} bytes`);
      requireWithin(done.bytes + bytes, packedBytes, limits, entry.name);
      parts.push(part);
    }
  } catch (error) {
    throw isBrokenContent(error) ? new Refused(describeError(error)) : error;
  }
  return join(parts, bytes);
}

function requireWithin(unpacked: number, packed: number, limits: ArchiveLimits, where: string): void {
  if (unpacked > limits.totalBytes)
    throw new BeyondLimit(`more than ${limits.totalBytes} bytes in the archive`, { where });
  if (unpacked > limits.freeBytes && unpacked > limits.ratio * packed)
    throw new BeyondLimit(`the archive unpacks to more than ${limits.ratio} times its size`, { where });
}

/** What zlib and the ZIP reader say of content; a store or disk that fails is another matter. */
function isBrokenContent(error: unknown): boolean {
  if (error instanceof Refused || error instanceof BeyondLimit || error instanceof ArchiveNotGiven) return false;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : undefined;
  return (
    error instanceof BadInput || (!(error instanceof PipelineError) && (code === undefined || code.startsWith('Z_')))
  );
}

function join(parts: Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
