import { TransferSyntax } from '#lib/dicom/uid.ts';
import {
  findList,
  getSeries,
  moveSeries,
  PLAIN_SYNTAXES,
  type Retrieval,
  StudyRoot,
} from '#lib/dimse/query-retrieve.ts';
import { type Receiver, startReceiver } from '#lib/dimse/receiver.ts';
import { NoAssociation, type Peer, requestAssociation } from '#lib/dimse/request-association.ts';
import type { Keep } from '#lib/dimse/store-request.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import { announcedStudies } from '#lib/received/announced-studies.ts';
import { type InstanceUids, instanceKey, seriesFolder } from '#lib/received/instance-key.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import { isEmptyQuery, type Query, queryAt } from '#lib/received/query.ts';
import { type AnnouncedInstance, type AnnouncedStudy, explainMissing } from '#lib/received/received-list.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { type Fetched, fetchAnnounced, type Reasons } from './fetched.ts';

export interface DimseFetch {
  peer: Peer;
  queries: Query[];
  store: ObjectStore;
  say(message: string): void;
  signal: AbortSignal;
  /** The port on which the archive sends to our title, which it knows: C-MOVE. Absent: C-GET. */
  movePort?: number;
}

/**
 * Fetches what an archive holds for the queries: C-FIND lists it, C-GET or C-MOVE fetches it, series by series.
 * Existing files are not fetched again. An instance that does not arrive becomes a line of the list.
 * @throws BadInput when no more can be fetched; fetched files stay
 */
export async function fetchDimse(request: DimseFetch): Promise<Fetched> {
  const studies = await foundStudies(request);
  return fetchAnnounced(request.store, studies, request.say, (wanted) => retrieveAll(request, wanted, studies));
}

async function foundStudies({ peer, queries }: DimseFetch): Promise<AnnouncedStudy[]> {
  const accepted = await requestAssociation(peer, [
    { abstractSyntax: StudyRoot.find, transferSyntaxes: PLAIN_SYNTAXES },
  ]);
  const studies: AnnouncedStudy[] = [];
  for (const query of queries) studies.push(...(await announcedStudies(findList(accepted), query)));
  await accepted.association.release();
  return studies;
}

/** Answers why instances are not there. A series that breaks off is tried once more, for what is missing of it. */
async function retrieveAll(
  request: DimseFetch,
  wanted: AnnouncedInstance[],
  studies: AnnouncedStudy[],
): Promise<Reasons> {
  const { store, signal, say } = request;
  const received = new Set<string>();
  const reasons: Reasons = new Map();
  const folders = new Set(wanted.map(folderOf));
  const keep: Keep = async ({ uids, file }) => {
    if (!folders.has(folderOf(uids)))
      throw new BadInput('the archive sent an instance of a series that was not requested');
    await keepInstance(store, uids, file);
    received.add(instanceKey(uids));
  };
  const sizes = new Map<string, number>();
  for (const { seriesInstanceUid } of studies.flatMap(({ instances }) => instances))
    sizes.set(seriesInstanceUid, (sizes.get(seriesInstanceUid) ?? 0) + 1);
  const isOfSeries = request.queries.every((query) => isEmptyQuery(queryAt(query, 'instance')));
  let brokenInRow = 0;
  const receiver = await openReceiver(request, keep);
  try {
    for (const series of Map.groupBy(wanted, (one) => one.seriesInstanceUid).values()) {
      signal.throwIfAborted();
      const isMissing = (one: AnnouncedInstance) => !received.has(instanceKey(one));
      let why = '';
      for (let attempt = 0; attempt < ATTEMPTS && series.some(isMissing); attempt++) {
        const open = series.filter(isMissing);
        const isWhole = isOfSeries && open.length === sizes.get(open[0].seriesInstanceUid);
        why = await retrieveSeries(request, open, isWhole, keep, receiver).then(
          (ending) => {
            brokenInRow = 0;
            return ending;
          },
          (error: unknown) => {
            brokenInRow += 1;
            if (error instanceof NoAssociation || brokenInRow >= MOST_BROKEN) throw error;
            return describeError(error);
          },
        );
      }
      for (const one of series.filter(isMissing))
        reasons.set(instanceKey(one), why || 'the archive says that it sent this instance, but it did not arrive');
    }
  } finally {
    await receiver?.close();
    if (reasons.size > 0) await explainMissing(store, reasons);
  }
  say(`${received.size} of ${wanted.length} fetched`);
  return reasons;
}

function folderOf({ studyInstanceUid, seriesInstanceUid }: InstanceUids): string {
  return seriesFolder(studyInstanceUid, seriesInstanceUid);
}

const ATTEMPTS = 2;
/** So many retrievals that break off one after the other are the archive's fault, not the series'. */
const MOST_BROKEN = 6;

function openReceiver({ peer, movePort, say }: DimseFetch, keep: Keep): Promise<Receiver> | undefined {
  if (movePort === undefined) return undefined;
  return startReceiver({
    title: peer.calling,
    host: '0.0.0.0',
    port: movePort,
    callers: [],
    mostAssociations: 16,
    idleSeconds: peer.idleSeconds,
    // An archive that is asked by TLS answers by TLS.
    identity: peer.identity,
    keep,
    onEvent(event) {
      if (event.kind === 'refused' || event.kind === 'not_stored' || event.kind === 'broken') say(event.message);
    },
  });
}

async function retrieveSeries(
  { peer, say }: DimseFetch,
  open: AnnouncedInstance[],
  isWhole: boolean,
  keep: Keep,
  receiver: Receiver | undefined,
): Promise<string> {
  const [{ studyInstanceUid, seriesInstanceUid }] = open;
  const all: Retrieval = { studyInstanceUid, seriesInstanceUid };
  const wanted = isWhole ? all : { ...all, sopInstanceUids: open.map((one) => one.sopInstanceUid) };
  if (receiver) {
    const accepted = await requestAssociation(peer, [
      { abstractSyntax: StudyRoot.move, transferSyntaxes: PLAIN_SYNTAXES },
    ]);
    const why = await moveSeries(accepted, wanted, peer.calling);
    await accepted.association.release();
    await receiver.settled();
    return why;
  }
  const classes = [...new Set(open.map((one) => one.sopClassUid))].filter((uid) => uid !== '');
  if (classes.length > MOST_CLASSES)
    throw new BadInput(`the series has ${classes.length} SOP classes, more than one C-GET can carry`);
  const accepted = await requestAssociation(
    peer,
    [{ abstractSyntax: StudyRoot.get, transferSyntaxes: PLAIN_SYNTAXES }, ...classes.flatMap(storageContexts)],
    classes.map((sopClass) => ({ sopClass, scu: false, scp: true })),
  );
  const why = await getSeries(accepted, wanted, keep, (error) => say(describeError(error)));
  await accepted.association.release();
  return why;
}

/** An association has room for 128 contexts: PS3.8 section 9.3.2.2. */
const MOST_CLASSES = 8;

/** A context for each syntax, so that each instance can come in the syntax that it is stored in, and is not encoded again. */
function storageContexts(abstractSyntax: string) {
  const one = (syntax: string) => ({ abstractSyntax, transferSyntaxes: [syntax] });
  return Object.values(TransferSyntax).map(one);
}
