import type { Config } from '../config.ts';
import type { UnassignedRow } from '../organize/unassigned.ts';
import { pathSeal } from '../sealed-path.ts';
import { runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { toCsv } from '../tables/csv.ts';
import { column, type Table } from '../tables/table.ts';

/**
 * How courses and tables call a file of the upload. Paths name patients: where the tables hold pseudonyms a sealed path stands
 * in the place of each, which the stages can open and a reader of the tables cannot.
 */
export function fileNaming({ organize: { identifiers, course_salt } }: Config): (key: string) => string {
  return identifiers === 'pseudonym' ? pathSeal(course_salt ?? '').seal : (key) => key;
}

/** Tells the owner of the data which files the table `unassigned` means; nothing where it says so itself. */
export async function writeFileNames(
  store: ObjectStore,
  keys: readonly string[],
  nameOf: (key: string) => string,
  unassigned: readonly UnassignedRow[],
): Promise<void> {
  const listed = new Set(unassigned.map(({ key }) => key));
  const files = keys.map((path) => ({ name_in_tables: nameOf(path), path }));
  const rows = files.filter(({ name_in_tables: name, path }) => name !== path && listed.has(name));
  if (rows.length > 0) await store.put(runKeys.fileNames, toCsv({ ...FILES, rows }));
}

const FILES: Table = {
  name: 'files',
  key: ['name_in_tables'],
  columns: [
    column('name_in_tables', 'string', 'the file in the table unassigned'),
    column('path', 'string', 'the same file in the upload'),
  ],
  rows: [],
};
