import { readJson, readJsonLines, writeJson, writeJsonLines } from '../../course-store/json.ts';
import type { UploadFinding } from '../../organize/upload-findings.ts';
import { runKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import type { Row, Table, TableHead } from '../../tables/table.ts';

/** Where every file of the upload went: files = notDicom + instances, instances = duplicates + assigned + unassigned. */
export interface Counts {
  files: number;
  notDicom: number;
  instances: number;
  duplicates: number;
  assigned: number;
  unassigned: number;
}

/** What organize knows beyond the courses. */
export interface Organized {
  counts: Counts;
  /** SHA-256 of what the catalog says of every object of the upload, in the order of their keys. */
  catalogDigest: string;
  /** Tables that follow from the headers alone. */
  tables: Table[];
  findings: UploadFinding[];
}

/** `run/organized.json`: of the tables their heads; their rows are in files of many lines each (`runKeys.organizedRows`). */
interface OrganizedFile extends Omit<Organized, 'tables'> {
  tables: (TableHead & { parts: number })[];
}

const ROWS_PER_PART = 50_000;

/** Writes the rows of one table after the other, then what says where they are: what it does not name is no part of it. */
export async function writeOrganized(store: ObjectStore, { tables, ...others }: Organized): Promise<void> {
  const heads: OrganizedFile['tables'] = [];
  for (const { rows, ...head } of tables) {
    const parts = Math.ceil(rows.length / ROWS_PER_PART);
    for (let part = 0; part < parts; part++) {
      const some = rows.slice(part * ROWS_PER_PART, (part + 1) * ROWS_PER_PART);
      await writeJsonLines(store, runKeys.organizedRows(head.name, part), some);
    }
    heads.push({ ...head, parts });
  }
  await writeJson(store, runKeys.organized, { ...others, tables: heads } satisfies OrganizedFile);
}

export async function readOrganized(store: ObjectStore): Promise<Organized> {
  const { tables, ...others } = await readJson<OrganizedFile>(store, runKeys.organized);
  const read: Table[] = [];
  for (const { parts, ...head } of tables) {
    const rows: Row[] = [];
    for (let part = 0; part < parts; part++)
      for (const row of await readJsonLines<Row>(store, runKeys.organizedRows(head.name, part))) rows.push(row);
    read.push({ ...head, rows });
  }
  return { ...others, tables: read };
}
