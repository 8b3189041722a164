import type { StageContext } from '../../course-store/context.ts';
import { jsonLine, linesOf, parseJson, sha256 } from '../../course-store/json.ts';
import { DamagedResult } from '../../errors.ts';
import { compareText } from '../../organize/words.ts';
import { runKeys } from '../../store/keys.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { CatalogLine } from './line.ts';
import { sharing } from './sharing.ts';

/** Lines of one file: so many are held at once while a list is written or read, however long it is. */
export const LINES_PER_PART = 20_000;

/** A line with its bytes in the list that it was read from. */
export interface StoredLine {
  line: CatalogLine;
  bytes: Uint8Array;
}

/** Writes the list of what lies in an upload, file by file. The earlier list goes once the new one is whole. */
export interface ListWriter {
  /** @param bytes of a line that stood in an earlier list as it is */
  add(line: CatalogLine, bytes?: Uint8Array): Promise<void>;
  finish(): Promise<void>;
}

/**
 * A list that fits one file is written in the place of the earlier one; of a longer one each file has a name that no earlier
 * list has, as lines of that list are still read. On S3 a list is one file: a large upload comes in parts of its own there.
 */
export async function listWriter({ store, now }: StageContext, name: string): Promise<ListWriter> {
  const earlier = await keysOf(store, name);
  const most = store.uri.startsWith('s3:') ? Number.POSITIVE_INFINITY : LINES_PER_PART;
  const generation = sha256(`${earlier.join('\n')} ${now().toISOString()}`).slice(0, 8);
  const written: string[] = [];
  let lines: Uint8Array[] = [];
  const write = async (key: string) => {
    await store.put(key, Buffer.concat(lines));
    written.push(key);
    lines = [];
  };
  const partKey = () => runKeys.instancePart(`${name}-${generation}-${String(written.length).padStart(5, '0')}`);
  return {
    async add(line, bytes) {
      if (lines.length === most) await write(partKey());
      // The last line of a file that was cut off may lack its end.
      lines.push(bytes?.at(-1) === NEWLINE ? bytes : jsonLine(line));
    },
    async finish() {
      await write(written.length === 0 ? runKeys.instancePart(name) : partKey());
      for (const key of earlier) if (!written.includes(key)) await store.delete(key);
    },
  };
}

/** The files of a list: one of its name, or several that begin with it. */
async function keysOf(store: ObjectStore, name: string): Promise<string[]> {
  const keys: string[] = [];
  const ofList = (key: string) => key === runKeys.instancePart(name) || key.startsWith(`${runKeys.instances}${name}-`);
  for await (const { key } of store.list(`${runKeys.instances}${name}`)) if (ofList(key)) keys.push(key);
  return keys;
}

/** Every line of the catalog, by key. */
export async function readCatalog(store: ObjectStore): Promise<CatalogLine[]> {
  const share = sharing();
  const lines: CatalogLine[] = [];
  for await (const { key, body } of listFiles(store))
    for (const { line } of linesIn(body, key)) lines.push(share(line));
  return newestByKey(lines, (line) => storedObject(line).key);
}

/** By key; where parts of an upload overlap the newest version of an object counts, which stands last. */
export function newestByKey<T>(lines: T[], keyOf: (line: T) => string): T[] {
  const sorted = lines.toSorted((a, b) => compareText(keyOf(a), keyOf(b)));
  return sorted.filter((line, n) => n + 1 === sorted.length || keyOf(line) !== keyOf(sorted[n + 1]));
}

/** The lines of earlier runs over the same objects. */
export interface KnownLines {
  /** The line of an object that has not changed. @param object as it is listed now */
  find(object: ObjectInfo): Promise<StoredLine | undefined>;
}

/** Where a line stands: file and bytes [start, end). */
export interface Place {
  key: string;
  start: number;
  end: number;
}

/**
 * Of the lists that begin with a prefix only the places of the lines are held, and the files that lines were last asked of:
 * lists and objects come in one order. What the system did not give is no line.
 * @throws DamagedResult when a file of the list is half written
 */
export async function knownLines(store: ObjectStore, prefix: string): Promise<KnownLines> {
  const places = new Map<string, Place>();
  const files = new Map<string, Promise<Uint8Array>>();
  for await (const { key } of store.list(prefix)) {
    const body = await store.get(key);
    if (files.size < FILES_HELD) files.set(key, Promise.resolve(body));
    for (const { line, place } of linesIn(body, key)) {
      if ('rejected' in line && line.rejected.again) continue;
      places.set(`${storedObject(line).key} ${listedVersion(line)}`, place);
    }
  }
  return {
    async find({ key, version }) {
      const place = places.get(`${key} ${version}`);
      if (!place) return undefined;
      const held = files.get(place.key);
      if (!held && files.size >= FILES_HELD) files.clear();
      // Many ask at once: the first one reads, the others wait for it.
      const read = held ?? store.get(place.key);
      files.set(place.key, read);
      const bytes = (await read).subarray(place.start, place.end);
      return { line: parseJson<CatalogLine>(bytes), bytes };
    },
  };
}

const NEWLINE = 10;
const FILES_HELD = 3;

export const NOTHING_KNOWN: KnownLines = { find: async () => undefined };

export function storedObject(line: CatalogLine): ObjectInfo {
  return 'instance' in line ? line.instance : line.rejected;
}

function listedVersion(line: CatalogLine): string {
  return ('instance' in line && line.seen?.version) || storedObject(line).version;
}

/** A file of the list, whole. */
export interface ListFile {
  key: string;
  body: Uint8Array;
}

/** The files of all lists of the upload, one after the other. */
export async function* listFiles(store: ObjectStore): AsyncGenerator<ListFile> {
  for await (const { key } of store.list(runKeys.instances)) yield { key, body: await store.get(key) };
}

/** @throws DamagedResult when the file is half written */
export function* linesIn(body: Uint8Array, key: string): Generator<StoredLine & { place: Place }> {
  try {
    for (const bytes of linesOf(body)) {
      const start = bytes.byteOffset - body.byteOffset;
      yield { line: parseJson<CatalogLine>(bytes), bytes, place: { key, start, end: start + bytes.length } };
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new DamagedResult('the list of read files is damaged: run again with --force', { where: key, cause });
  }
}
