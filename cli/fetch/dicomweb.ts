import { type Client, type ClientOptions, DEFAULT_OPTIONS, dicomwebClient } from '#lib/dicomweb/client.ts';
import { BadAnswer } from '#lib/dicomweb/errors.ts';
import type { Place } from '#lib/dicomweb/place.ts';
import { qidoList } from '#lib/dicomweb/query.ts';
import { retrieveInstance } from '#lib/dicomweb/retrieve.ts';
import { BadInput } from '#lib/errors.ts';
import { announcedStudies } from '#lib/received/announced-studies.ts';
import { type InstanceUids, instanceKey } from '#lib/received/instance-key.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import type { Query } from '#lib/received/query.ts';
import { type AnnouncedStudy, explainMissing } from '#lib/received/received-list.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { type Fetched, fetchAnnounced, type Reasons } from './fetched.ts';

export interface DicomwebFetch {
  place: Place;
  /** Studies of any of them are fetched. */
  queries: Query[];
  store: ObjectStore;
  say(message: string): void;
  signal: AbortSignal;
  options?: ClientOptions;
}

/** Requests at once. */
const WIDTH = 4;
/** So many bad answers one after the other are the server's fault, not the instances'. */
const MOST_BAD = 20;
const TOLD_EVERY = 500;

/**
 * Fetches what a DICOMweb service holds for the queries into a store, and the list of what it announced. What is there already
 * is not fetched again. An instance that the service does not give becomes a line of the list.
 * @throws NoService, BadInput when no more can be fetched; what was fetched stays
 */
export async function fetchDicomweb({ place, queries, store, say, signal, options }: DicomwebFetch): Promise<Fetched> {
  const client = dicomwebClient(place, { ...(options ?? DEFAULT_OPTIONS), signal });
  try {
    const studies: AnnouncedStudy[] = [];
    for (const query of queries) studies.push(...(await announcedStudies(qidoList(client), query)));
    return await fetchAnnounced(store, studies, say, (wanted) => retrieveAll({ client, store, wanted, say, signal }));
  } finally {
    client.close();
  }
}

interface Retrieval extends Pick<DicomwebFetch, 'store' | 'say' | 'signal'> {
  client: Client;
  wanted: InstanceUids[];
}

/** Answers why instances are not there. */
async function retrieveAll({ client, store, wanted, say, signal }: Retrieval): Promise<Reasons> {
  const reasons: Reasons = new Map();
  const queue = wanted.values();
  let badInRow = 0;
  let done = 0;
  let stopped: unknown;
  const work = async () => {
    for (const uids of queue) {
      if (stopped !== undefined || signal.aborted) return;
      try {
        await keepInstance(store, uids, await retrieveInstance(client, uids));
        badInRow = 0;
      } catch (error) {
        if (!(error instanceof BadAnswer)) throw error;
        reasons.set(instanceKey(uids), error.message);
        badInRow += 1;
        if (badInRow >= MOST_BAD)
          throw new BadInput(`the archive refused ${badInRow} instances in a row: ${error.message}`);
      }
      done += 1;
      if (done % TOLD_EVERY === 0) say(`${done} of ${wanted.length} fetched`);
    }
  };
  const workers = Array.from({ length: WIDTH }, () =>
    work().catch((error: unknown) => {
      stopped ??= error;
    }),
  );
  await Promise.all(workers);
  if (reasons.size > 0) await explainMissing(store, reasons);
  if (stopped !== undefined) throw stopped;
  signal.throwIfAborted();
  return reasons;
}
