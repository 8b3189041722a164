import { readJsonIfWhole, sha256, writeJson } from '../../course-store/json.ts';
import { putPieces } from '../../course-store/put-pieces.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { csvPieces } from '../../tables/csv.ts';
import { dataDictionary, dictionaryTable } from '../../tables/dictionary.ts';
import { repeatedKeys } from '../../tables/key.ts';
import { toParquet } from '../../tables/parquet.ts';
import { type RowSource, sourceOf } from '../../tables/row-source.ts';
import type { Table } from '../../tables/table.ts';
import { xlsxPieces } from '../../tables/xlsx.ts';
import type { WrittenTable } from '../robustness/summary.ts';
import { COURSE_STAGE_NAMES, STAGES } from '../table.ts';
import { CSV, PARQUET, type ResultFile } from './for-others.ts';
import { NOT_IN_WORKBOOK } from './result-tables.ts';
import type { RunRecord } from './run-record.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A table of which the Parquet file is written, whose rows can be read again for the other files. */
export interface WrittenSource extends WrittenTable, RowSource {}

/** Writes tables that are held as Parquet. */
export async function writeHeldTables(store: ObjectStore, tables: Table[]): Promise<WrittenSource[]> {
  const written: WrittenSource[] = [];
  for (const table of tables) {
    const body = toParquet(table);
    await store.put(resultKeys.table(table.name, 'parquet'), body);
    const parquet = { bytes: body.length, sha256: sha256(body) };
    written.push({ ...sourceOf(table), repeatedKeys: repeatedKeys(table), parquet });
  }
  return written;
}

/**
 * Each table as CSV, all in one workbook, and what their columns mean.
 * @param alone tables that are Parquet files alone: as text they are longer than anybody reads
 */
export async function writeExports(
  store: ObjectStore,
  tables: WrittenSource[],
  alone: WrittenTable[],
): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  const put = async (key: string, pieces: AsyncIterable<Uint8Array>, mediaType: string, table = '') => {
    files.push({ key, ...(await putPieces(store, key, pieces)), mediaType, table });
  };
  for (const table of tables) {
    const { name, parquet } = table;
    files.push({ key: resultKeys.table(name, 'parquet'), ...parquet, mediaType: PARQUET, table: name });
    await put(resultKeys.table(name, 'csv'), csvPieces(table, table.batches()), CSV, name);
  }
  const all = [...tables, ...alone];
  const sheets: RowSource[] = tables.filter(({ name }) => !NOT_IN_WORKBOOK.includes(name));
  const elsewhere = all.map(({ name }) => name).filter((name) => !sheets.some((one) => one.name === name));
  await put(resultKeys.workbook, xlsxPieces([...sheets, sourceOf(dictionaryTable(all))], elsewhere), XLSX);
  await writeJson(store, resultKeys.dictionary, dataDictionary(all));
  return files;
}

/**
 * Removes tables of earlier runs that this run did not write, and the earlier report, so that `results` belongs to one
 * run. Files that no run wrote stay.
 */
export async function removeOthers(store: ObjectStore, written: Record<string, number>): Promise<void> {
  const earlier = await readJsonIfWhole<RunRecord>(store, resultKeys.run);
  const known = [...Object.keys(earlier?.rows ?? {}), ...COURSE_STAGE_NAMES.flatMap((name) => STAGES[name].tables)];
  for (const table of new Set(known)) {
    if (Object.hasOwn(written, table)) continue;
    await store.delete(resultKeys.table(table, 'parquet'));
    await store.delete(resultKeys.table(table, 'csv'));
    await store.delete(resultKeys.queryTable(table));
  }
  if (!Object.hasOwn(written, 'robustness_summary')) await store.delete(resultKeys.robustFeatures);
  await store.delete(resultKeys.report);
  for await (const { key } of store.list(resultKeys.coursePages)) await store.delete(key);
}
