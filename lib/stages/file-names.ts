import type { Config } from '../config.ts';
import type { UnassignedRow } from '../organize/unassigned.ts';
import { pathSeal } from '../sealed-path.ts';
import { runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';
import { toCsv } from '../tables/csv.ts';
import { column, type Table } from '../tables/table.ts';

/**
 * Names of upload files in courses and tables. Paths may name patients. With pseudonyms a sealed path replaces each
 * one: stages can open it, readers of the tables cannot.
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
