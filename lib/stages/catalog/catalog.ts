import { z } from 'zod';
import { codeDigest } from '../../code-digest.ts';
import { parseConfig } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import {
  parseJsonLines,
  readJson,
  readJsonIfWhole,
  sha256,
  writeJson,
  writeJsonLines,
} from '../../course-store/json.ts';
import { openUpload, UNPACKED } from '../../course-store/upload.ts';
import { readHeader, type Watch } from '../../dicom/header.ts';
import { isDicomDirectory, looksLikeDicom } from '../../dicom/recognise.ts';
import {
  DamagedResult,
  describeError,
  isShortage,
  PipelineError,
  StoreMissing,
  TimedOut,
  Transient,
} from '../../errors.ts';
import { type IndexRow, indexRow } from '../../organize/index-row.ts';
import { lateWork } from '../../pool/time-limit.ts';
import { mapInBatches } from '../../pool/timed-batches.ts';
import { withWorkLimit } from '../../pool/work-limit.ts';
import { RECEIVED_LIST } from '../../received/received-list.ts';
import { archiveKind } from '../../store/archive/kind.ts';
import { runKeys } from '../../store/keys.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { Stage } from '../stage.ts';
import { announcedLines } from './announced.ts';
import type { CatalogLine, Rejected, Seen } from './line.ts';
import { READY_MARKER } from './ready-marker.ts';
import { archiveLines, unpackUpload } from './unpack.ts';

const input = z.object({
  /** Read every header again. */
  force: z.boolean().default(false),
  /** An upload to S3 of more objects is left to parts. */
  mostObjects: z.number().optional(),
  /** A part of the upload, as ListObjectsV2 names it; absent: all of it. */
  objects: z.array(z.object({ key: z.string(), bytes: z.number(), version: z.string() })).optional(),
});
type Input = z.infer<typeof input>;

export interface Cataloged {
  /** False when the upload is left to parts, because one function would not read it in its time. */
  complete: boolean;
  files: number;
  instances: number;
  rejected: number;
  /** Bytes of headers read now; objects known from an earlier run are not read again. */
  bytesRead: number;
}

/** Headers that one worker reads after another within the time limit. */
const BATCH = 16;
/** When more reads than this hang it is not for the files: the storage is down. */
const MOST_HUNG = 16;
/** Reads at once unless the configuration says how many workers there are: waiting for disk or network. */
const WIDTH = 32;
const FIRST_READ = 64 * 1024;
/** Of the thread for one header, which takes a millisecond: so long a signal may wait at most. */
const PARSE_SECONDS = 10;

/** What one function reads from S3 within its 15 minutes, with a wide margin. */
const MOST_OBJECTS = 20_000;

/** Finds the DICOM instances of the upload by their content and reads their headers. */
export const catalog: Stage<Input, Cataloged> = {
  name: 'catalog',
  input: input as z.ZodType<Input>,
  async run({ force, mostObjects = MOST_OBJECTS, objects: part }, context) {
    const sentObjects = part ? relativeTo(context.input.uri, part) : await listed(context.input);
    const objects = sentObjects.filter((object) => !isMarker(context.input, object) && object.key !== RECEIVED_LIST);
    const isLarge = !part && context.input.uri.startsWith('s3:') && objects.length > mostObjects;
    if (isLarge) return { complete: false, files: objects.length, instances: 0, rejected: 0, bytesRead: 0 };

    const name = part ? sha256(part.map((object) => object.key).join('\n')).slice(0, 16) : 'all';
    const known = force ? new Map<string, CatalogLine>() : await knownLines(context, part ? name : undefined);
    const sent = await readLines(context, objects, known);
    const { folders, objects: unpackedObjects } = await unpackArchives(context, sent.lines);
    const unpacked = await readLines(context, unpackedObjects, known);
    const lines = [
      ...sent.lines.filter((line) => !isArchive(line)),
      ...unpacked.lines,
      ...(await archiveLines(context.store, folders)),
      ...(await announcedLines(context.input, sentObjects)),
    ];
    const bytesRead = sent.bytesRead + unpacked.bytesRead;
    await writeJsonLines(context.store, runKeys.instancePart(name), lines);
    await writeJson(context.store, runKeys.status('catalog'), { code: codeDigest().all });
    const instances = lines.filter((line) => 'instance' in line).length;
    const counts = { files: lines.length, instances, rejected: lines.length - instances, bytesRead };
    context.log.info(counts, 'Catalog:Read:Done');
    return { complete: true, ...counts };
  },
};

/** Where uploads are announced by a marker it is no part of what was sent. In a folder a file of that name is one like others. */
function isMarker({ uri }: ObjectStore, { key }: ObjectInfo): boolean {
  return uri.startsWith('s3:') && key === READY_MARKER;
}

/** Every line of the catalog, by key; where parts overlap the object's newest version counts. */
export async function readCatalog(store: ObjectStore): Promise<CatalogLine[]> {
  const lines = new Map<string, CatalogLine>();
  const share = sharing();
  for await (const { key } of store.list(runKeys.instances)) {
    for (const line of linesIn(await store.get(key), key)) lines.set(storedObject(line).key, share(line));
  }
  return [...lines.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

/** @throws DamagedResult when the file is half written */
function* linesIn(body: Uint8Array, key: string): Generator<CatalogLine> {
  try {
    yield* parseJsonLines<CatalogLine>(body);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new DamagedResult('the list of what was read is damaged: run again with --force', { where: key, cause });
  }
}

/** The slices of a series say most things alike: one copy of each is kept, which is what a large upload needs. */
function sharing(): (line: CatalogLine) => CatalogLine {
  const known = new Map<string, unknown>();
  const one = <T>(value: T): T => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text === undefined) return value;
    if (!known.has(text)) known.set(text, value);
    return known.get(text) as T;
  };
  return (line) => {
    if (!('instance' in line)) return line;
    const row = line.instance;
    const shared = Object.fromEntries(SHARED.map((name) => [name, one(row[name])]));
    const image = row.image && {
      ...row.image,
      acquisition: one(row.image.acquisition),
      imageType: one(row.image.imageType),
    };
    return { ...line, instance: { ...row, ...shared, image } };
  };
}

const SHARED = [
  'patient',
  'staff',
  'identity',
  'sopClassUid',
  'studyInstanceUid',
  'seriesInstanceUid',
  'frameOfReferenceUid',
  'seriesDescription',
  'studyDate',
  'seriesDate',
  'createdAt',
] as const satisfies (keyof IndexRow)[];

async function readLines(
  context: StageContext,
  objects: ObjectInfo[],
  known: Map<string, CatalogLine>,
): Promise<{ lines: CatalogLine[]; bytesRead: number }> {
  const config = parseConfig(await readJson(context.store, runKeys.config));
  const upload = openUpload(context);
  const share = sharing();
  let bytesRead = 0;
  const width = config.workers === 'auto' ? WIDTH : config.workers;
  const { read_timeout: seconds } = config.organize;
  const batches = { width, size: BATCH, seconds };
  const parseSeconds = seconds > 0 ? Math.min(PARSE_SECONDS, seconds) : PARSE_SECONDS;
  const watch: Watch = (work) => withWorkLimit(parseSeconds, work);
  const lines = await mapInBatches(objects, batches, async (object) => {
    context.signal.throwIfAborted();
    if (object.blocked) return blockedLine(object, object.blocked);
    if (lateWork() > MOST_HUNG)
      throw new PipelineError(`${lateWork()} reads hang at once: the storage does not answer`);
    const earlier = known.get(`${object.key} ${object.version}`);
    const read = await (earlier ? knownLine(upload, object, earlier, watch) : readLine(upload, object, watch)).catch(
      unreadable(object),
    );
    bytesRead += read.bytesRead;
    return share(read.line);
  });
  return {
    lines: lines.map((line, i) => (line instanceof TimedOut ? notGiven(objects[i], line.message) : line)),
    bytesRead,
  };
}

/** What lies in the upload and is nothing to read. */
function blockedLine({ key, bytes, version }: ObjectInfo, { reason, message }: Blocked): CatalogLine {
  return { rejected: { key, bytes, version, reason, message } };
}

type Blocked = Required<ObjectInfo>['blocked'];

function relativeTo(uri: string, objects: ObjectInfo[]): ObjectInfo[] {
  const prefix = `${/^s3:\/\/[^/]+(?:\/(.*))?$/s.exec(uri)?.[1] ?? ''}/`.replace(/^\//, '');
  return objects.map((object) => ({
    ...object,
    key: object.key.slice(prefix.length),
    version: object.version.replaceAll('"', ''),
  }));
}

/** Unpacks the archives among the objects and lists what they held; what an earlier version of one held is no part of it. */
async function unpackArchives(
  context: StageContext,
  lines: CatalogLine[],
): Promise<{ folders: string[]; objects: ObjectInfo[] }> {
  const folders: string[] = [];
  const objects: ObjectInfo[] = [];
  for (const archive of lines.filter(isArchive).map(storedObject)) {
    const folder = await unpackUpload(context, archive);
    folders.push(folder);
    objects.push(...(await listed(openUpload(context), `${UNPACKED}${folder}/`)));
  }
  return { folders, objects };
}

function isArchive(line: CatalogLine): boolean {
  return 'rejected' in line && line.rejected.reason === 'archive';
}

async function listed(store: ObjectStore, prefix = ''): Promise<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  for await (const object of store.list(prefix, { everything: true })) objects.push(object);
  return objects;
}

/**
 * Lines of an earlier run of the same code over the same objects: key and version say that nothing changed. A list that is
 * damaged is no list, and what the system did not give is no line.
 * @param part one of the parts of a large upload: only its own list is read, or the last of many would read all the others
 */
async function knownLines({ store, log }: StageContext, part?: string): Promise<Map<string, CatalogLine>> {
  const earlier = await readJsonIfWhole<{ code: string }>(store, runKeys.status('catalog'));
  if (earlier?.code !== codeDigest().all) return new Map();
  const lines = await (part ? readPart(store, part) : readCatalog(store)).catch((error: unknown) => {
    if (!(error instanceof DamagedResult)) throw error;
    log.warn({ where: error.where, message: 'every header is read again' }, 'Catalog:List:Damaged');
    return [];
  });
  const read = lines.filter((line) => !('rejected' in line && line.rejected.again));
  return new Map(read.map((line) => [`${storedObject(line).key} ${listedVersion(line)}`, line]));
}

async function readPart(store: ObjectStore, part: string): Promise<CatalogLine[]> {
  const key = runKeys.instancePart(part);
  return (await store.head(key)) ? [...linesIn(await store.get(key), key)] : [];
}

function storedObject(line: CatalogLine): ObjectInfo {
  return 'instance' in line ? line.instance : line.rejected;
}

function listedVersion(line: CatalogLine): string {
  return ('instance' in line && line.seen?.version) || storedObject(line).version;
}

interface LineRead {
  line: CatalogLine;
  bytesRead: number;
}

/**
 * The line of an earlier run, unless the file was touched since: then its ends tell whether it holds something else under
 * the same size and time. If so it is read again, under a version that no earlier result was made of.
 */
async function knownLine(upload: ObjectStore, object: ObjectInfo, line: CatalogLine, watch: Watch): Promise<LineRead> {
  const { changed } = object;
  if (!('instance' in line) || !line.seen || changed === undefined || changed === line.seen.changed)
    return { line, bytesRead: 0 };
  const ends = await endsOf(upload, object);
  if (ends === line.seen.ends) return { line: { ...line, seen: { ...line.seen, changed } }, bytesRead: ENDS };
  const read = await readLine(upload, { ...object, version: `${object.version}-${ends}` }, watch);
  if ('instance' in read.line && read.line.seen) read.line.seen.version = object.version;
  return read;
}

const LAST_READ = 4 * 1024;
const ENDS = FIRST_READ + LAST_READ;

async function endsOf(upload: ObjectStore, { key, bytes }: ObjectInfo, head?: Uint8Array): Promise<string> {
  const first = head ?? (await upload.getRange(key, 0, Math.min(FIRST_READ, bytes)));
  const rest =
    bytes > FIRST_READ ? await upload.getRange(key, Math.max(FIRST_READ, bytes - LAST_READ), bytes) : undefined;
  return sha256(`${sha256(first)} ${rest ? sha256(rest) : ''}`).slice(0, 12);
}

/** A file's own view of its changes; objects of S3 have an ETag, which follows from the content. */
async function seenOf(upload: ObjectStore, object: ObjectInfo, head: Uint8Array): Promise<Seen | undefined> {
  const { version, changed } = object;
  return changed === undefined ? undefined : { version, changed, ends: await endsOf(upload, object, head) };
}

async function readLine(upload: ObjectStore, listed: ObjectInfo, watch: Watch): Promise<LineRead> {
  const { changed: _, ...object } = listed;
  const head = await upload.getRange(object.key, 0, Math.min(FIRST_READ, object.bytes));
  const reject = (reason: Rejected['reason'], message: string): LineRead => ({
    line: { rejected: { ...object, reason, message } },
    bytesRead: head.length,
  });
  if (archiveKind(head)) return reject('archive', '');
  if (!looksLikeDicom(head)) return reject('not_dicom', 'neither the DICM prefix nor a data element at the start');
  const read = (start: number, end: number) =>
    end <= head.length ? Promise.resolve(head.subarray(start, end)) : upload.getRange(object.key, start, end);
  const { dataSet, bytesRead } = await readHeader({ bytes: object.bytes, read }, watch);
  if (isDicomDirectory(dataSet)) return reject('not_dicom', 'a DICOMDIR: a list of files, not an instance');
  const instance = watch(() => indexRow(dataSet, object));
  const seen = await seenOf(upload, listed, head);
  return { line: { instance, ...(seen && { seen }) }, bytesRead };
}

/**
 * A file that the disk does not give is a row with the reason; a store that is down is an error to try again, and a machine
 * that can read no file is an error of the run.
 */
function unreadable({ changed: _, ...object }: ObjectInfo) {
  return (error: unknown): LineRead => {
    if (error instanceof Transient || isShortage(error)) throw error;
    const isOfFile = error instanceof PipelineError && !(error instanceof StoreMissing);
    const what = error instanceof TimedOut ? 'its header takes too long to read: ' : '';
    const line = isOfFile
      ? { rejected: { ...object, reason: 'unreadable' as const, message: what + error.message } }
      : notGiven(object, (error as NodeJS.ErrnoException).code ?? describeError(error));
    return { line, bytesRead: 0 };
  };
}

/** What a disk or share answers by an error, or not at all, may be well: the next run tries again. */
function notGiven({ changed: _, ...object }: ObjectInfo, why: string): CatalogLine {
  const message = `cannot be read: ${why}; the next run tries again`;
  return { rejected: { ...object, reason: 'unreadable', message, again: true } };
}
