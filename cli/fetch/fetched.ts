import { BadInput } from '#lib/errors.ts';
import { instanceKey } from '#lib/received/instance-key.ts';
import { type AnnouncedInstance, type AnnouncedStudy, announce, RECEIVED_LIST } from '#lib/received/received-list.ts';
import type { ObjectStore } from '#lib/store/store.ts';

/** What a fetch came to: every announced instance is among `here`, `received` or `missing`. */
export interface Fetched {
  announced: number;
  /** From an earlier fetch. */
  here: number;
  received: number;
  missing: number;
}

/** Why announced instances are not there, by key. */
export type Reasons = Map<string, string>;

/**
 * Writes the list of what an archive announced, fetches the instances that the store lacks, and counts them.
 * @param retrieve fetches the wanted instances and returns the missing ones, by key
 */
export async function fetchAnnounced(
  store: ObjectStore,
  studies: AnnouncedStudy[],
  say: (message: string) => void,
  retrieve: (wanted: AnnouncedInstance[]) => Promise<Reasons>,
): Promise<Fetched> {
  await announce(store, studies);
  const { all, unlisted, wanted } = await wantedInstances(store, studies);
  const announced = all + unlisted;
  const count = new Set(studies.map((study) => study.studyInstanceUid)).size;
  say(`${announced} instances of ${count} studies announced, ${wanted.length} to fetch`);
  const missing = await retrieve(wanted);
  return {
    announced,
    here: all - wanted.length,
    received: wanted.length - missing.size,
    missing: missing.size + unlisted,
  };
}

/** Announced instances that the store does not hold yet, each once. */
async function wantedInstances(
  store: ObjectStore,
  studies: AnnouncedStudy[],
): Promise<{ all: number; unlisted: number; wanted: AnnouncedInstance[] }> {
  const keys = new Set<string>();
  for await (const { key } of store.list('')) keys.add(key);
  const instances = new Map(studies.flatMap((study) => study.instances.map((uids) => [instanceKey(uids), uids])));
  const wanted = [...instances].filter(([key]) => !keys.has(key)).map(([, uids]) => uids);
  const unlisted = studies.flatMap((study) => study.unlisted).reduce((sum, { count }) => sum + count, 0);
  return { all: instances.size, unlisted, wanted };
}

/** A line for the user; missing instances are in capitals. */
export function fetchedLines({ announced, here, received, missing }: Fetched): string[] {
  const already = here > 0 ? `, ${here} were there already` : '';
  const line = `${announced} instances announced, ${received} received${already}`;
  if (missing === 0) return [line];
  return [
    line,
    `${missing} instances are MISSING. ${RECEIVED_LIST} lists them with the reason, and the table unassigned has a row for each. Repeat the command to request them again.`,
  ];
}

/** Tells the user in the same line that a stopped fetch can continue. */
export function resumable(error: unknown): unknown {
  if (!(error instanceof BadInput)) return error;
  return new BadInput(`${error.message}; repeat the command to continue`, { cause: error });
}
