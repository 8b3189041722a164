import { sha256 } from '../../course-store/json.ts';
import type { DataSet } from '../../dicom/data-set.ts';
import { makeOfHeader, type Watch } from '../../dicom/header.ts';
import { isDicomDirectory, looksLikeDicom } from '../../dicom/recognise.ts';
import { describeError, isShortage, PipelineError, StoreMissing, TimedOut, Transient } from '../../errors.ts';
import { indexRow } from '../../organize/index-row.ts';
import { archiveKind } from '../../store/archive/kind.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { CatalogLine, Rejected, Seen } from './line.ts';
import type { StoredLine } from './list.ts';

const FIRST_READ = 64 * 1024;

/** The line of an object of the upload; with its bytes where it stood in the list of an earlier run as it is. */
export interface LineRead extends Partial<StoredLine> {
  line: CatalogLine;
  bytesRead: number;
}

/**
 * The line of an earlier run, unless the file was touched since: then its ends tell whether it holds something else under
 * the same size and time. If so it is read again, under a version that no earlier result was made of.
 */
export async function knownLine(
  upload: ObjectStore,
  object: ObjectInfo,
  { line, bytes }: StoredLine,
  watch: Watch,
): Promise<LineRead> {
  const { changed } = object;
  if (!('instance' in line) || !line.seen || changed === undefined || changed === line.seen.changed)
    return { line, bytes, bytesRead: 0 };
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

/** Reads the header of an object. */
export async function readLine(upload: ObjectStore, listed: ObjectInfo, watch: Watch): Promise<LineRead> {
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
  const rowOf = (dataSet: DataSet) => (isDicomDirectory(dataSet) ? undefined : indexRow(dataSet, object));
  const { made: instance, bytesRead } = await makeOfHeader({ bytes: object.bytes, read }, rowOf, watch);
  if (!instance) return reject('not_dicom', 'a DICOMDIR: a list of files, not an instance');
  const seen = await seenOf(upload, listed, head);
  return { line: { instance, ...(seen && { seen }) }, bytesRead };
}

/**
 * A file that the disk does not give is a row with the reason; a store that is down is an error to try again, and a machine
 * that can read no file is an error of the run.
 */
export function unreadable({ changed: _, ...object }: ObjectInfo) {
  return (error: unknown): LineRead => {
    if (error instanceof Transient || isShortage(error)) throw error;
    const isOfFile = error instanceof PipelineError && !(error instanceof StoreMissing);
    const what = error instanceof TimedOut ? 'reading its header takes too long: ' : '';
    const line = isOfFile
      ? { rejected: { ...object, reason: 'unreadable' as const, message: what + error.message } }
      : notGiven(object, (error as NodeJS.ErrnoException).code ?? describeError(error));
    return { line, bytesRead: 0 };
  };
}

/** What a disk or share answers by an error, or not at all, may be well: the next run tries again. */
export function notGiven({ changed: _, ...object }: ObjectInfo, why: string): CatalogLine {
  const message = `cannot be read: ${why}; the next run tries again`;
  return { rejected: { ...object, reason: 'unreadable', message, again: true } };
}
