import { parseConfig } from '../../config.ts';
import { putPieces } from '../../course-store/put-pieces.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { type QueryColumn, type QueryForm, queryForm } from '../../tables/query-form.ts';
import { queryParquetPieces } from '../../tables/query-parquet.ts';
import type { RowSource } from '../../tables/row-source.ts';
import type { TableHead } from '../../tables/table.ts';
import { REGION_COLUMNS } from '../radiomics/rows.ts';
import { declaredTables } from './declared-tables.ts';
import { PARQUET, type ResultFile } from './for-others.ts';

const hasCapitalsOrUnit = (name: string) => !/^[a-z][a-z0-9_]*$/.test(name);
const isIbsiFeature = (name: string) => !REGION_COLUMNS.some((column) => column.name === name);

/** Tables whose columns follow from the configuration (metrics, image types, features), and which of their columns those are. */
const MEASURED: Record<string, (name: string) => boolean> = {
  dvh_metrics: hasCapitalsOrUnit,
  radiomics_ct: hasCapitalsOrUnit,
  radiomics_mr: hasCapitalsOrUnit,
  radiomics_pet: hasCapitalsOrUnit,
  radiomics_ibsi: isIbsiFeature,
};

/** A table as a catalog of tables lists it, the same for every run. */
export interface QueryTable {
  name: string;
  columns: QueryColumn[];
}

/** Every table that a run may write for query engines. */
export async function queryTables(): Promise<QueryTable[]> {
  const tables = await declaredTables(parseConfig({ radiomics: { ibsi: {} } }));
  return tables.map((table) => ({ name: table.name, columns: queryFormOf(table).columns }));
}

/** How a table of a run looks to query engines. */
export function queryFormOf(table: TableHead): QueryForm {
  return queryForm(table, MEASURED[table.name]);
}

/** Writes each table once more, as query engines can read it beside those of other runs. */
export async function writeQueryTables(store: ObjectStore, tables: RowSource[]): Promise<ResultFile[]> {
  const files: ResultFile[] = [];
  for (const table of tables) {
    const form = queryFormOf(table);
    const key = resultKeys.queryTable(table.name);
    const written = await putPieces(store, key, queryParquetPieces(table, form, table.batches()));
    files.push({ key, ...written, mediaType: PARQUET, table: table.name });
  }
  return files;
}
