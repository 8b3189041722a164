import type { Answered, ListLevel, Parents } from '../received/announced-studies.ts';
import { QUERY_ATTRIBUTES, type Query, type QueryLevel } from '../received/query.ts';
import type { Client } from './client.ts';
import { BadAnswer } from './errors.ts';

/** A data set of an answer: DICOM JSON, PS3.18 annex F. */
type Found = Record<string, { vr?: string; Value?: unknown[] } | undefined>;

const PAGE = 500;
/** A server that never ends a list is wrong, not large. */
const MOST_PAGES = 20_000;

/**
 * Lists studies, series or instances page by page: QIDO-RS, PS3.18 section 10.6.
 * @throws BadAnswer, NoService
 */
export function qidoList(client: Client): ListLevel {
  return async (level, parents, query) => {
    const found = await allPages(client, pathOf(level, parents), { ...query, ...COUNTS[level] });
    return found.map((one): Answered => ({ value: (keyword) => textOf(one, keyword) }));
  };
}

/** Counts come only when they are asked for. */
const COUNTS: Record<QueryLevel, Query> = {
  study: { includefield: QUERY_ATTRIBUTES.NumberOfStudyRelatedInstances.tag },
  series: { includefield: QUERY_ATTRIBUTES.NumberOfSeriesRelatedInstances.tag },
  instance: {},
};

function pathOf(level: QueryLevel, { studyInstanceUid, seriesInstanceUid }: Parents): string {
  if (level === 'study') return '/studies';
  const series = `/studies/${studyInstanceUid}/series`;
  return level === 'series' ? series : `${series}/${seriesInstanceUid}/instances`;
}

/**
 * A page may be shorter than asked for, so that only one with nothing new is the last. A server that ignores `offset` gives the
 * first page again: nothing new.
 */
async function allPages(client: Client, path: string, query: Query): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (let page = 0, offset = 0; page < MOST_PAGES; page++) {
    const parameters = new URLSearchParams({ ...query, limit: String(PAGE), offset: String(offset) });
    const entries = await ask(client, `${path}?${parameters}`);
    const before = found.size;
    for (const entry of entries) found.set(JSON.stringify(entry), entry);
    if (found.size >= client.dialect.mostListed)
      throw new BadAnswer(`the DICOMweb service lists no more than ${found.size} entries: ask for less at once`);
    if (found.size === before) return [...found.values()];
    offset += entries.length;
  }
  throw new BadAnswer(`the DICOMweb service sends an endless list: more than ${MOST_PAGES} pages`);
}

async function ask(client: Client, path: string): Promise<Found[]> {
  const { status, contentType, body } = await client.send({ path, accept: 'application/dicom+json' });
  if (status === 204 || body.length === 0) return [];
  if (!/^application\/(dicom\+)?json\b/i.test(contentType))
    throw new BadAnswer(
      `the DICOMweb service answers a query with ${contentType || 'no content type'}, not with DICOM JSON: is the address right?`,
    );
  const answer = parsed(body);
  if (!Array.isArray(answer)) throw new BadAnswer('the DICOMweb service answers a query with JSON that is not a list');
  return answer as Found[];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new BadAnswer('the DICOMweb service answers a query with broken JSON');
  }
}

function textOf(found: Found, keyword: string): string {
  const [first] = found[QUERY_ATTRIBUTES[keyword].tag]?.Value ?? [];
  return first === undefined || first === null || typeof first === 'object' ? '' : String(first).trim();
}
