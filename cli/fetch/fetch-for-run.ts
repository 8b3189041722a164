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
 * Fetches what a run is to work on into its output folder, under `private`, and answers it as the input. The same request goes
 * on from what an earlier one fetched; another request has a folder of its own, so that nothing else comes into the tables.
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
