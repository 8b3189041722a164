import { isDicomweb, placeOf } from '#lib/dicomweb/place.ts';
import { peerOf } from '#lib/dimse/request-association.ts';
import { BadInput } from '#lib/errors.ts';
import { type Query, queriesOf } from '#lib/received/query.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { fetchDicomweb } from './dicomweb.ts';
import { fetchDimse } from './dimse.ts';
import { type Fetched, fetchedLines, resumable } from './fetched.ts';

export interface FetchRequest {
  /** `dicomweb:https://host/path`, `dimse:AET@host:port` or `dimse-tls:AET@host:port` */
  location: string;
  /** `Keyword=value`, as `queriesOf` reads them. They hold patients' numbers: no line tells them. */
  queries: string[];
  store: ObjectStore;
  say(message: string): void;
  signal: AbortSignal;
  dimse?: DimseOptions;
}

/** What an archive that is asked by DIMSE knows us by. */
export interface DimseOptions {
  /** Our application entity title. */
  aet?: string;
  /** Where it sends to for C-MOVE; absent: C-GET. */
  movePort?: number;
}

export const DEFAULT_TITLE = 'RTPIPE';

/** Fetches from an archive into a store, says how it went. @throws BadInput when it cannot go on, in one line */
export async function fetchArchive({ queries: texts, ...request }: FetchRequest): Promise<Fetched> {
  const queries = queriesOf(texts);
  const done = await fetchFrom({ ...request, queries }).catch((error: unknown) => {
    throw resumable(error);
  });
  if (done.announced === 0) throw new BadInput('the archive found nothing for this query');
  for (const line of fetchedLines(done)) request.say(line);
  return done;
}

function fetchFrom({
  location,
  dimse = {},
  ...request
}: Omit<FetchRequest, 'queries'> & { queries: Query[] }): Promise<Fetched> {
  if (isDicomweb(location)) return fetchDicomweb({ ...request, place: placeOf(location, process.env) });
  const peer = peerOf(location, dimse.aet ?? DEFAULT_TITLE, process.env);
  return fetchDimse({ ...request, peer, movePort: dimse.movePort });
}
