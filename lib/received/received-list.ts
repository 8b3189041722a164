import { DamagedResult } from '../errors.ts';
import { getIfAny } from '../store/get-if-any.ts';
import type { ObjectStore } from '../store/store.ts';
import { type InstanceUids, instanceKey, seriesFolder, studyFolder } from './instance-key.ts';

/** Lies beside the instances that were fetched: what the archive announced. No part of what was sent. */
export const RECEIVED_LIST = 'rtpipeline-received.jsonl';

/** A line of the list: an instance that the archive announced, and why it is not there, once that is known. */
export interface AnnouncedLine {
  key: string;
  why?: string;
}

export interface AnnouncedInstance extends InstanceUids {
  /** '' where the archive does not tell. */
  sopClassUid: string;
}

/** What an archive says that it holds of one study. */
export interface AnnouncedStudy {
  studyInstanceUid: string;
  instances: AnnouncedInstance[];
  /** Instances that the archive counts and does not list; of the whole study where no series is named. */
  unlisted: { seriesInstanceUid?: string; count: number }[];
}

const NOT_FETCHED = 'the archive announced it, but it was not fetched: fetch again';

/** The list beside the instances; empty when there is none. @throws DamagedResult */
export async function readReceivedList(store: ObjectStore): Promise<AnnouncedLine[]> {
  const body = await getIfAny(store, RECEIVED_LIST);
  if (!body) return [];
  try {
    const lines = new TextDecoder().decode(body).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AnnouncedLine);
  } catch (cause) {
    throw new DamagedResult('the list of announced instances is damaged: fetch again', { where: RECEIVED_LIST, cause });
  }
}

/** Announced instances that are not among these keys, each with the reason. */
export function notReceived(lines: AnnouncedLine[], isThere: (key: string) => boolean): Required<AnnouncedLine>[] {
  return lines.filter(({ key }) => !isThere(key)).map(({ key, why }) => ({ key, why: why ?? NOT_FETCHED }));
}

/**
 * Writes what the archive announces now. Studies that an earlier fetch brought into the same folder keep their lines, so that
 * what they miss stays a row.
 */
export async function announce(store: ObjectStore, studies: AnnouncedStudy[]): Promise<AnnouncedLine[]> {
  const folders = studies.map(({ studyInstanceUid }) => studyFolder(studyInstanceUid));
  const earlier = await readReceivedList(store).catch((error: unknown) => {
    if (error instanceof DamagedResult) return [];
    throw error;
  });
  const kept = earlier.filter(({ key }) => !folders.some((folder) => key.startsWith(folder)));
  const lines = [...new Map([...kept, ...studies.flatMap(linesOf)].map((line) => [line.key, line])).values()];
  await writeList(store, lines);
  return lines;
}

/** Writes why instances are not there, by key. */
export async function explainMissing(store: ObjectStore, reasons: Map<string, string>): Promise<void> {
  const lines = await readReceivedList(store);
  await writeList(
    store,
    lines.map((line) => (reasons.has(line.key) ? { ...line, why: reasons.get(line.key) } : line)),
  );
}

function linesOf({ studyInstanceUid, instances, unlisted }: AnnouncedStudy): AnnouncedLine[] {
  const named = instances.map((uids) => ({ key: instanceKey(uids) }));
  const counted = unlisted.flatMap(({ seriesInstanceUid, count }) => {
    const folder =
      seriesInstanceUid === undefined
        ? studyFolder(studyInstanceUid)
        : seriesFolder(studyInstanceUid, seriesInstanceUid);
    const why = 'the archive counts it but does not list it: check this series in the archive';
    return Array.from({ length: count }, (_, i) => ({ key: `${folder}unlisted-${i + 1}`, why }));
  });
  return [...named, ...counted];
}

async function writeList(store: ObjectStore, lines: AnnouncedLine[]): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await store.put(RECEIVED_LIST, new TextEncoder().encode(text));
}
