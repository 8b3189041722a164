import { readJsonIfWhole, sha256, writeJson } from '../../course-store/json.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { toCsv } from '../../tables/csv.ts';
import { dataDictionary, dictionaryTable } from '../../tables/dictionary.ts';
import { toParquet } from '../../tables/parquet.ts';
import type { Table } from '../../tables/table.ts';
import { toXlsx } from '../../tables/xlsx.ts';
import type { WrittenTable } from '../robustness/summary.ts';
import { COURSE_STAGE_NAMES, STAGES } from '../table.ts';
import { CSV, type ResultFile } from './for-others.ts';
import { NOT_IN_WORKBOOK } from './result-tables.ts';
import type { RunRecord } from './run-record.ts';

const PARQUET = 'application/vnd.apache.parquet';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Each table as Parquet and CSV, all in one workbook, and what their columns mean. */
export async function writeTables(
  store: ObjectStore,
  tables: Table[],
  written: WrittenTable[],
): Promise<{ digests: Record<string, string>; files: ResultFile[] }> {
  const files: ResultFile[] = [];
  const put = async (key: string, body: Uint8Array, mediaType: string, table = '') => {
    await store.put(key, body);
    files.push({ key, bytes: body.length, sha256: sha256(body), mediaType, table });
  };
  const digests = Object.fromEntries(written.map(({ name, sha256: digest }) => [name, digest]));
  for (const table of tables) {
    const parquet = toParquet(table);
    digests[table.name] = sha256(parquet);
    await put(resultKeys.table(table.name, 'parquet'), parquet, PARQUET, table.name);
    await put(resultKeys.table(table.name, 'csv'), toCsv(table), CSV, table.name);
  }
  const sheets = tables.filter((table) => !NOT_IN_WORKBOOK.includes(table.name));
  const elsewhere = [...tables, ...written]
    .map(({ name }) => name)
    .filter((name) => !sheets.some((one) => one.name === name));
  await put(resultKeys.workbook, toXlsx([...sheets, dictionaryTable([...tables, ...written])], elsewhere), XLSX);
  await writeJson(store, resultKeys.dictionary, dataDictionary([...tables, ...written]));
  return { digests, files };
}

/**
 * Takes away tables of earlier runs that this one did not write, and the report of the earlier run: what lies in `results`
 * is of one run. Files that no run wrote stay.
 */
export async function removeOthers(store: ObjectStore, written: Record<string, number>): Promise<void> {
  const earlier = await readJsonIfWhole<RunRecord>(store, resultKeys.run);
  const known = [...Object.keys(earlier?.rows ?? {}), ...COURSE_STAGE_NAMES.flatMap((name) => STAGES[name].tables)];
  for (const table of new Set(known)) {
    if (Object.hasOwn(written, table)) continue;
    await store.delete(resultKeys.table(table, 'parquet'));
    await store.delete(resultKeys.table(table, 'csv'));
  }
  if (!Object.hasOwn(written, 'robustness_summary')) await store.delete(resultKeys.robustFeatures);
  await store.delete(resultKeys.report);
  for await (const { key } of store.list(resultKeys.coursePages)) await store.delete(key);
}
