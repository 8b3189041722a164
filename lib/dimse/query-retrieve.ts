import { readDataSet } from '../dicom/read.ts';
import type { Keyword } from '../dicom/tags.ts';
import { TransferSyntax } from '../dicom/uid.ts';
import { type DicomJson, fileHead, writeDataSet } from '../dicom/write.ts';
import { BadInput } from '../errors.ts';
import { ownKeys } from '../own-keys.ts';
import type { Answered, ListLevel } from '../received/announced-studies.ts';
import { QUERY_ATTRIBUTES, type QueryLevel } from '../received/query.ts';
import type { Association } from './association.ts';
import { type CommandSet, Field, isPending, Status } from './command-set.ts';
import type { Accepted } from './request-association.ts';
import { answerStore, type Keep } from './store-request.ts';

/** Study root query/retrieve: PS3.4 annex C.6.2. */
export const StudyRoot = {
  find: '1.2.840.10008.5.1.4.1.2.2.1',
  move: '1.2.840.10008.5.1.4.1.2.2.2',
  get: '1.2.840.10008.5.1.4.1.2.2.3',
} as const;

/** Both plain syntaxes: every archive reads one. */
export const PLAIN_SYNTAXES: string[] = [TransferSyntax.explicitVrLittleEndian, TransferSyntax.implicitVrLittleEndian];

const LEVELS: Record<QueryLevel, string> = { study: 'STUDY', series: 'SERIES', instance: 'IMAGE' };

/** Attributes that each level of a query requests. */
const WANTED: Record<QueryLevel, Keyword[]> = {
  study: ['StudyInstanceUID', 'NumberOfStudyRelatedInstances'],
  series: ['SeriesInstanceUID', 'NumberOfSeriesRelatedInstances'],
  instance: ['SOPInstanceUID', 'SOPClassUID'],
};

/** Lists studies, series or instances by C-FIND: PS3.4 annex C.4.1. @throws BadInput when the archive fails */
export function findList(accepted: Accepted): ListLevel {
  const { id, transferSyntax } = contextOf(accepted, StudyRoot.find);
  return async (level, parents, query) => {
    const empty = Object.fromEntries(WANTED[level].map((keyword) => [keyword, null]));
    const uids = { StudyInstanceUID: parents.studyInstanceUid, SeriesInstanceUID: parents.seriesInstanceUid };
    const given = Object.fromEntries(Object.entries(uids).filter(([, uid]) => uid !== undefined));
    const keys = { QueryRetrieveLevel: LEVELS[level], ...empty, ...given, ...query } as DicomJson;
    const { association } = accepted;
    await association.send(id, requestOf(StudyRoot.find, Field.findRequest), writeDataSet(keys, transferSyntax));
    const found: Answered[] = [];
    for (;;) {
      const message = await association.receive();
      if (!message) throw new BadInput('the archive releases the association in the middle of a query');
      if (message.dataSet) found.push(answeredOf(message.dataSet, transferSyntax));
      if (isPending(message.command.status)) continue;
      if (message.command.status === Status.success) return found;
      throw new BadInput(`the archive does not answer the query: status ${hex(message.command.status)}`);
    }
  };
}

function answeredOf(dataSet: Uint8Array, transferSyntax: string): Answered {
  const head = fileHead(StudyRoot.find, '1.2.3', transferSyntax);
  const read = readDataSet(new Uint8Array(Buffer.concat([head, dataSet])));
  return { value: (keyword) => (keyword in QUERY_ATTRIBUTES ? read.text(keyword as Keyword).trim() : '') };
}

/** Instances of one series that are to come: all of it, or these. */
export interface Retrieval {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  /** Absent: the whole series. */
  sopInstanceUids?: string[];
}

/** How the archive ended a retrieval; '' when it says that all went well. */
export type Ending = string;

/** Lets the instances of a series come through this association: C-GET, PS3.4 annex C.4.3. @throws Aborted, BadInput */
export async function getSeries(
  accepted: Accepted,
  wanted: Retrieval,
  keep: Keep,
  onFault: (error: unknown) => void,
): Promise<Ending> {
  const { id, transferSyntax } = contextOf(accepted, StudyRoot.get);
  const { association, contexts } = accepted;
  await association.send(id, requestOf(StudyRoot.get, Field.getRequest), identifierOf(wanted, transferSyntax));
  return ending(association, async (message) => {
    if (message.command.field !== Field.storeRequest) return;
    const context = contexts.find((one) => one.id === message.contextId);
    if (!context) throw new BadInput('an instance comes in a context that was not accepted');
    await association.send(message.contextId, await answerStore(message, context.transferSyntax, keep, onFault));
  });
}

/** Lets the archive send the instances of a series to a title that it knows: C-MOVE, PS3.4 annex C.4.2. @throws Aborted, BadInput */
export async function moveSeries(accepted: Accepted, wanted: Retrieval, destination: string): Promise<Ending> {
  const { id, transferSyntax } = contextOf(accepted, StudyRoot.move);
  const request = { ...requestOf(StudyRoot.move, Field.moveRequest), moveDestination: destination };
  await accepted.association.send(id, request, identifierOf(wanted, transferSyntax));
  return ending(accepted.association, async () => {});
}

type Received = NonNullable<Awaited<ReturnType<Association['receive']>>>;

async function ending(association: Association, take: (message: Received) => Promise<void>): Promise<Ending> {
  for (;;) {
    const message = await association.receive();
    if (!message) throw new BadInput('the archive releases the association in the middle of a retrieval');
    const { field, status, failed } = message.command;
    if (field !== Field.getResponse && field !== Field.moveResponse) {
      await take(message);
      continue;
    }
    if (isPending(status)) continue;
    return status === Status.success && !failed
      ? ''
      : `the archive ended with status ${hex(status)}, ${failed ?? 0} failed`;
  }
}

function identifierOf(
  { studyInstanceUid, seriesInstanceUid, sopInstanceUids }: Retrieval,
  transferSyntax: string,
): Uint8Array {
  const keys: DicomJson = {
    QueryRetrieveLevel: sopInstanceUids ? LEVELS.instance : LEVELS.series,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: seriesInstanceUid,
    ...(sopInstanceUids && { SOPInstanceUID: sopInstanceUids }),
  };
  return writeDataSet(keys, transferSyntax);
}

function contextOf({ contexts }: Accepted, abstractSyntax: string) {
  const context = contexts.find((one) => one.abstractSyntax === abstractSyntax);
  if (!context) throw new BadInput(`the archive does not offer this service (${NAMES[abstractSyntax]})`);
  return context;
}

const NAMES: Record<string, string> = ownKeys({
  [StudyRoot.find]: 'C-FIND',
  [StudyRoot.get]: 'C-GET',
  [StudyRoot.move]: 'C-MOVE',
});

/** One request at a time goes through an association, so that one number does for all. */
function requestOf(affectedSopClass: string, field: number): CommandSet {
  return { affectedSopClass, field, messageId: 1, priority: 0 };
}

function hex(status = 0): string {
  return status.toString(16).toUpperCase().padStart(4, '0');
}
