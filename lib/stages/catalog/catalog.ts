import { z } from 'zod';
import { allOf } from '../../all-of.ts';
import { codeDigest } from '../../code-digest.ts';
import { parseConfig } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import {
  readJson,
  readJsonIfWhole,
  readJsonLines,
  sha256,
  writeJson,
  writeJsonLines,
} from '../../course-store/json.ts';
import { openUpload, UNPACKED } from '../../course-store/upload.ts';
import { DamagedResult, PipelineError, TimedOut } from '../../errors.ts';
import { mapConcurrently } from '../../pool/concurrent.ts';
import { lateWork } from '../../pool/time-limit.ts';
import { mapInBatches } from '../../pool/timed-batches.ts';
import { groupedWorkLimit } from '../../pool/work-limit.ts';
import { RECEIVED_LIST } from '../../received/received-list.ts';
import { runKeys } from '../../store/keys.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { Stage } from '../stage.ts';
import { announcedLines } from './announced.ts';
import type { CatalogLine } from './line.ts';
import { type KnownLines, knownLines, LINES_PER_PART, listWriter, NOTHING_KNOWN, storedObject } from './list.ts';
import { knownLine, type LineRead, notGiven, readLine, unreadable } from './read-line.ts';
import { READY_MARKER } from './ready-marker.ts';
import { archiveLines, unpackUpload } from './unpack.ts';

const input = z.object({
  /** Read every header again. */
  force: z.boolean().default(false),
  /** An upload to S3 of more objects is left to batches. */
  mostObjects: z.number().optional(),
  /** Number of a batch of the upload; absent: all of it. */
  batch: z.number().int().optional(),
});
type Input = z.infer<typeof input>;

export interface Cataloged {
  /** False when the upload is left to batches, because one function would not read it in its time. */
  complete: boolean;
  /** Key of the list of the batches. */
  batchesKey: string;
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
/** Limit of time for the parsing of one header, which usually takes a millisecond. A signal waits at most this long. */
const PARSE_SECONDS = 10;

/** What one function reads from S3 within its 15 minutes, with a wide margin. */
const MOST_OBJECTS = 20_000;
/** Of a large upload: so few that an interrupted batch costs little. */
const OBJECTS_PER_BATCH = 500;

/** Finds the DICOM instances of the upload by their content and reads their headers. */
export const catalog: Stage<Input, Cataloged> = {
  name: 'catalog',
  input: input as z.ZodType<Input>,
  async run({ force, mostObjects = MOST_OBJECTS, batch }, context) {
    const part = batch === undefined ? undefined : await readJsonLines<ObjectInfo>(context.store, runKeys.batch(batch));
    const name = part ? sha256(part.map((object) => object.key).join('\n')).slice(0, 16) : 'all';
    const sent = part ?? (await listed(context.input));
    const batchesKey = runKeys.batches;
    if (!part && Array.isArray(sent) && sent.length > mostObjects) {
      await writeBatches(context.store, sent);
      return { complete: false, batchesKey, files: sent.length, instances: 0, rejected: 0, bytesRead: 0 };
    }

    const known = force ? NOTHING_KNOWN : await linesOfEarlierRun(context, part ? name : undefined);
    const list = await listWriter(context, name);
    const counts = { files: 0, instances: 0, rejected: 0, bytesRead: 0 };
    const add = async ({ line, bytes }: Pick<LineRead, 'line' | 'bytes'>) => {
      counts.files += 1;
      counts['instance' in line ? 'instances' : 'rejected'] += 1;
      await list.add(line, bytes);
    };
    const archives: ObjectInfo[] = [];
    const announced: CatalogLine[] = [];
    for await (const objects of inChunks(sent)) {
      announced.push(...(await announcedLines(context.input, objects)));
      const wanted = objects.filter((object) => !isMarker(context.input, object) && object.key !== RECEIVED_LIST);
      for (const read of await readLines(context, wanted, known)) {
        counts.bytesRead += read.bytesRead;
        if (isArchive(read.line)) archives.push(storedObject(read.line));
        else await add(read);
      }
    }
    // Each version of an archive has its own folder, so files of an earlier version do not mix in.
    const folders: string[] = [];
    for (const archive of archives) {
      const folder = await unpackUpload(context, archive);
      folders.push(folder);
      for await (const objects of inChunks(openUpload(context).list(`${UNPACKED}${folder}/`))) {
        for (const read of await readLines(context, objects, known)) {
          counts.bytesRead += read.bytesRead;
          await add(read);
        }
      }
    }
    for (const line of [...(await archiveLines(context.store, folders)), ...announced]) await add({ line });
    await list.finish();
    await writeJson(context.store, runKeys.status('catalog'), { code: codeDigest().all });
    context.log.info(counts, 'Catalog:Read:Done');
    return { complete: true, batchesKey, ...counts };
  },
};

/** What was sent: from S3 as a whole, since its number decides who reads it. */
async function listed(input: ObjectStore): Promise<ObjectInfo[] | AsyncIterable<ObjectInfo>> {
  const objects = input.list('', { everything: true });
  if (!input.uri.startsWith('s3:')) return objects;
  return (await allOf(objects)).filter((object) => !isMarker(input, object));
}

/** Where uploads are announced by a marker it is no part of what was sent. In a folder a file of that name is one like others. */
function isMarker({ uri }: ObjectStore, { key }: ObjectInfo): boolean {
  return uri.startsWith('s3:') && key === READY_MARKER;
}

/** Lines of objects, side by side, in their order. */
async function readLines(context: StageContext, objects: ObjectInfo[], known: KnownLines): Promise<LineRead[]> {
  const config = parseConfig(await readJson(context.store, runKeys.config));
  const upload = openUpload(context);
  const width = config.workers === 'auto' ? WIDTH : config.workers;
  const { read_timeout: seconds } = config.organize;
  const batches = { width, size: BATCH, seconds };
  const parseSeconds = seconds > 0 ? Math.min(PARSE_SECONDS, seconds) : PARSE_SECONDS;
  const watch = groupedWorkLimit(parseSeconds, width);
  const read = await mapInBatches(objects, batches, async (object): Promise<LineRead> => {
    context.signal.throwIfAborted();
    if (object.blocked) return { line: blockedLine(object, object.blocked), bytesRead: 0 };
    if (lateWork() > MOST_HUNG)
      throw new PipelineError(
        `the storage does not answer: ${lateWork()} reads hang at the same time. Check the disk or network share`,
      );
    const earlier = await known.find(object);
    return (earlier ? knownLine(upload, object, earlier, watch) : readLine(upload, object, watch)).catch(
      unreadable(object),
    );
  });
  return read.map((one, i) =>
    one instanceof TimedOut ? { line: notGiven(objects[i], one.message), bytesRead: 0 } : one,
  );
}

/** The line of an object of the upload that cannot be read as a file. */
function blockedLine({ key, bytes, version }: ObjectInfo, { reason, message }: Blocked): CatalogLine {
  return { rejected: { key, bytes, version, reason, message } };
}

type Blocked = Required<ObjectInfo>['blocked'];

/** The objects in files of their own, since their keys may name patients; the list that travels on holds numbers. */
async function writeBatches(store: ObjectStore, objects: ObjectInfo[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(objects.length / OBJECTS_PER_BATCH) }, (_, batch) => ({ batch }));
  await mapConcurrently(batches, WIDTH, ({ batch }) =>
    writeJsonLines(
      store,
      runKeys.batch(batch),
      objects.slice(batch * OBJECTS_PER_BATCH, (batch + 1) * OBJECTS_PER_BATCH),
    ),
  );
  await writeJsonLines(store, runKeys.batches, batches);
}

function isArchive(line: CatalogLine): boolean {
  return 'rejected' in line && line.rejected.reason === 'archive';
}

/** So many at a time as one file of the list holds: of a large upload no more is held at once. */
async function* inChunks<T>(list: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of list) {
    chunk.push(item);
    if (chunk.length < LINES_PER_PART) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

/**
 * Lines of an earlier run of the same code over the same objects: key and version say that nothing changed. A list that is
 * damaged is no list.
 * @param part list of a batch of a large upload: only its own list is read, or the last of many would read all the others
 */
async function linesOfEarlierRun({ store, log }: StageContext, part?: string): Promise<KnownLines> {
  const earlier = await readJsonIfWhole<{ code: string }>(store, runKeys.status('catalog'));
  if (earlier?.code !== codeDigest().all) return NOTHING_KNOWN;
  return knownLines(store, part ? runKeys.instancePart(part) : runKeys.instances).catch((error: unknown) => {
    if (!(error instanceof DamagedResult)) throw error;
    log.warn({ where: error.where, message: 'every header is read again' }, 'Catalog:List:Damaged');
    return NOTHING_KNOWN;
  });
}
