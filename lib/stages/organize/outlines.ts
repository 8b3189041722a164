import { createHash, hash } from 'node:crypto';
import { parseJson } from '../../course-store/json.ts';
import type { IndexRow } from '../../organize/index-row.ts';
import { type Outline, outlineOf } from '../../organize/outline.ts';
import type { ObjectStore } from '../../store/store.ts';
import type { CatalogLine, Rejected } from '../catalog/line.ts';
import { linesIn, listFiles, newestByKey, type Place } from '../catalog/list.ts';
import { sharing } from '../catalog/sharing.ts';

/** The outline of an instance, and where its line stands in the list of the upload. */
export interface ListedInstance extends Outline {
  place: Place;
  /** Of what the line says of the instance. */
  lineDigest: string;
}

/** The list of an upload, without most of what the headers say. */
export interface UploadOutlines {
  instances: ListedInstance[];
  rejected: Rejected[];
  /** Of every object, by key. */
  paths: string[];
  /** SHA-256 of what the list says of every object. */
  digest: string;
  /** All that the headers of some instances say. */
  rowsOf(instances: readonly ListedInstance[]): Promise<IndexRow[]>;
}

/** So much of a list is held to be read again; lines of a longer one are read where they stand. */
const MOST_HELD_BYTES = 2 ** 28;

/** Reads the list once; a million instances take some 600 MB. */
export async function readOutlines(store: ObjectStore): Promise<UploadOutlines> {
  const held = new Map<string, Uint8Array>();
  const oneText = sharedTexts();
  const all: (ListedInstance | { rejected: Rejected; lineDigest: string })[] = [];
  let bytesRead = 0;
  for await (const { key, body } of listFiles(store)) {
    bytesRead += body.length;
    if (bytesRead <= MOST_HELD_BYTES) held.set(key, body);
    else held.clear();
    for (const { line, bytes, place } of linesIn(body, key)) {
      const lineDigest = hash('sha256', withoutSeen(bytes), 'base64url');
      if ('rejected' in line) all.push({ rejected: line.rejected, lineDigest });
      else all.push({ ...outlineOf(line.instance, oneText), place, lineDigest });
    }
  }
  const lines = newestByKey(all, keyOf);
  const digest = createHash('sha256');
  for (const { lineDigest } of lines) digest.update(`${lineDigest}\n`);
  return {
    instances: lines.filter((line) => 'place' in line),
    rejected: lines.flatMap((line) => ('rejected' in line ? [line.rejected] : [])),
    paths: lines.map(keyOf),
    digest: digest.digest('hex'),
    rowsOf: rowReader(store, held),
  };
}

function keyOf(one: ListedInstance | { rejected: Rejected }): string {
  return 'rejected' in one ? one.rejected.key : one.key;
}

const SEEN = Buffer.from(',"seen":');

/**
 * The part of a line that says what the object holds. When the file was touched last, which follows it as keys are sorted, is
 * no part of that. Quotes in texts are escaped, so the mark stands nowhere else.
 */
function withoutSeen(line: Uint8Array): Uint8Array {
  const at = Buffer.from(line.buffer, line.byteOffset, line.length).lastIndexOf(SEEN);
  return at < 0 ? line : line.subarray(0, at);
}

function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

/** Lines nearer to each other are read at once. */
const GAP_BYTES = 2 ** 16;

function rowReader(store: ObjectStore, held: ReadonlyMap<string, Uint8Array>): UploadOutlines['rowsOf'] {
  return async (instances) => {
    const share = sharing();
    const rows: IndexRow[] = [];
    for (const places of neighbours(instances.map(({ place }) => place))) {
      const [{ key, start }, { end }] = [places[0], places[places.length - 1]];
      const bytes = held.get(key)?.subarray(start, end) ?? (await store.getRange(key, start, end));
      for (const place of places) {
        const line = share(parseJson<CatalogLine>(bytes.subarray(place.start - start, place.end - start)));
        if ('instance' in line) rows.push(line.instance);
      }
    }
    return rows;
  };
}

function neighbours(places: Place[]): Place[][] {
  const sorted = places.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.start - b.start));
  const groups: Place[][] = [];
  for (const place of sorted) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before?.key === place.key && place.start - before.end <= GAP_BYTES) last.push(place);
    else groups.push([place]);
  }
  return groups;
}
