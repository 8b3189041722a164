import { type InstanceUids, isPlainUid } from './instance-key.ts';
import { isEmptyQuery, type Query, type QueryLevel, queryAt, requireMatch } from './query.ts';
import type { AnnouncedInstance, AnnouncedStudy } from './received-list.ts';

/** What an archive answers of one study, series or instance. */
export interface Answered {
  /** Value of an attribute of `QUERY_ATTRIBUTES`, without padding; '' where the answer leaves it out. */
  value(keyword: string): string;
}

/** The series or study that a list is of. */
export type Parents = Partial<Pick<InstanceUids, 'studyInstanceUid' | 'seriesInstanceUid'>>;

/** Lists what an archive holds at a level, all of it. */
export type ListLevel = (level: QueryLevel, parents: Parents, query: Query) => Promise<Answered[]>;

/**
 * What an archive holds that a query asks for: studies, their series, their instances. Its own counts are held against what
 * it lists.
 * @param query as `queriesOf` makes it
 * @throws BadInput when the archive ignores the query
 */
export async function announcedStudies(list: ListLevel, query: Query): Promise<AnnouncedStudy[]> {
  const announced: AnnouncedStudy[] = [];
  for (const study of await matching(list, 'study', {}, query))
    announced.push(await announcedStudy(list, study, query));
  return announced;
}

async function announcedStudy(list: ListLevel, study: Answered, query: Query): Promise<AnnouncedStudy> {
  const studyInstanceUid = study.value('StudyInstanceUID');
  const instances: AnnouncedInstance[] = [];
  const unlisted: AnnouncedStudy['unlisted'] = [];
  const isWhole = {
    series: isEmptyQuery(queryAt(query, 'series')),
    instance: isEmptyQuery(queryAt(query, 'instance')),
  };
  for (const series of await matching(list, 'series', { studyInstanceUid }, query)) {
    const seriesInstanceUid = series.value('SeriesInstanceUID');
    const found = await matching(list, 'instance', { studyInstanceUid, seriesInstanceUid }, query);
    const uids = found.map((one) => ({
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid: one.value('SOPInstanceUID'),
      sopClassUid: one.value('SOPClassUID'),
    }));
    instances.push(...uids);
    const short = count(series, 'NumberOfSeriesRelatedInstances') - found.length;
    if (short > 0 && isWhole.instance) unlisted.push({ seriesInstanceUid, count: short });
  }
  const told = instances.length + unlisted.reduce((sum, { count }) => sum + count, 0);
  const short = count(study, 'NumberOfStudyRelatedInstances') - told;
  if (short > 0 && isWhole.series && isWhole.instance) unlisted.push({ count: short });
  return { studyInstanceUid, instances, unlisted };
}

const UID_OF = { study: 'StudyInstanceUID', series: 'SeriesInstanceUID', instance: 'SOPInstanceUID' } as const;

/** Each entry once by its UID. An entry without one cannot be asked for: it counts as not listed. */
async function matching(list: ListLevel, level: QueryLevel, parents: Parents, query: Query): Promise<Answered[]> {
  const ofLevel = queryAt(query, level);
  const entries = await list(level, parents, ofLevel);
  for (const entry of entries) requireMatch(ofLevel, entry.value);
  const named = entries.filter((entry) => isPlainUid(entry.value(UID_OF[level])));
  return [...new Map(named.map((entry) => [entry.value(UID_OF[level]), entry])).values()];
}

/** A count becomes rows: one that is plainly wrong must not become millions. */
const MOST_COUNTED = 100_000;

function count(answered: Answered, keyword: string): number {
  const number = Number(answered.value(keyword));
  return Number.isInteger(number) && number > 0 ? Math.min(number, MOST_COUNTED) : 0;
}
