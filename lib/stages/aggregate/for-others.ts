import { writeJson } from '../../course-store/json.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { dataPackage } from '../../tables/data-package.ts';
import type { Table } from '../../tables/table.ts';
import { type DescribedRun, researchObject } from './research-object.ts';

export const CSV = 'text/csv';
export const PARQUET = 'application/vnd.apache.parquet';

/** A file of `results`; `table` is '' where it holds several. */
export interface ResultFile {
  key: string;
  bytes: number;
  sha256: string;
  mediaType: string;
  table: string;
}

/** For tools that know nothing of this product: the tables as a data package, and what was made from what as a research object. */
export async function writeForOthers(
  store: ObjectStore,
  run: DescribedRun,
  tables: Pick<Table, 'name' | 'key' | 'columns'>[],
  files: ResultFile[],
): Promise<void> {
  const path = (key: string) => key.slice('results/'.length);
  const described = files.flatMap(({ key, bytes, sha256, table: name, mediaType }) => {
    const table = tables.find((one) => one.name === name);
    return table && mediaType === CSV ? [{ table, path: path(key), bytes, sha256 }] : [];
  });
  await writeJson(store, resultKeys.dataPackage, dataPackage(described, run.finishedAt));
  const parts = files.map(({ key, bytes, sha256, mediaType, table }) => ({
    path: path(key),
    bytes,
    sha256,
    mediaType,
    meaning: table === '' ? 'All tables except the largest, one sheet each.' : `The table ${table}.`,
  }));
  await writeJson(store, resultKeys.researchObject, researchObject(run, parts));
}
