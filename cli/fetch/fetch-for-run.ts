import { join, resolve } from 'node:path';
import { readJsonIfWhole, writeJson } from '#lib/course-store/json.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { prepareOutput } from '../output-folder.ts';
import { type FetchRequest, fetchArchive } from './fetch.ts';

/** `private/fetched/<number>.json` */
interface Request {
  location: string;
  queries: string[];
}

/**
 * Fetches the input of a run into its output folder, under `private`, and returns it as the input. The same request
 * continues an earlier fetch. Another request has its own folder, so that no other data reach the tables.
 */
export async function fetchForRun({
  out,
  ...request
}: Omit<FetchRequest, 'store'> & { out: string }): Promise<ObjectStore> {
  await prepareOutput(out);
  const number = await numberOf(fileStore(out), { location: request.location, queries: request.queries });
  const store = fileStore(join(resolve(out), runKeys.fetched(number)));
  await fetchArchive({ ...request, store });
  return store;
}

async function numberOf(store: ObjectStore, wanted: Request): Promise<number> {
  for (let number = 1; ; number++) {
    const earlier = await readJsonIfWhole<Request>(store, runKeys.fetchRequest(number));
    if (earlier && JSON.stringify(earlier) === JSON.stringify(wanted)) return number;
    if (earlier) continue;
    await writeJson(store, runKeys.fetchRequest(number), wanted);
    return number;
  }
}
