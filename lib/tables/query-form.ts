import type { Column, ColumnType, TableHead } from './table.ts';

/** A table as a query engine such as Athena sees it: its columns are known before any run, whatever a run measures. */
export interface QueryForm {
  columns: QueryColumn[];
  /** Columns that are entries of `MEASURED` and `DESCRIBED` instead, under their own names. */
  numbers: Column[];
  texts: Column[];
}

export interface QueryColumn {
  /** Lower-case letters, digits and underscores: Athena supports no others. */
  name: string;
  type: ColumnType | 'numbers' | 'texts';
  meaning: string;
  /** The column of the table that it is; undefined for the maps. */
  of?: Column;
}

/** Maps from the name of a column to its value. */
export const MEASURED = 'measured';
export const DESCRIBED = 'described';

/**
 * The columns of a table for query engines. Names become lower-case with underscores: `dose[Gy]` is `dose_gy`. In an open table,
 * whose columns follow from the configuration of a run, what was measured (`D95%[Gy]`, `original_glcm_Contrast`) is an entry of a
 * map, under exactly this name.
 * @param isMeasured of an open table: whether another configuration could leave the column out
 * @throws Error when two columns would have the same name
 */
export function queryForm(
  { name: table, columns: all }: Pick<TableHead, 'name' | 'columns'>,
  isMeasured?: (name: string) => boolean,
): QueryForm {
  const inMap = isMeasured ? all.filter(({ name }) => isMeasured(name)) : [];
  const numbers = inMap.filter(({ type }) => type === 'double' || type === 'int');
  const texts = inMap.filter((column) => !numbers.includes(column));
  const columns: QueryColumn[] = all
    .filter((column) => !inMap.includes(column))
    .map((column) => ({ name: queryName(column.name), type: column.type, meaning: meaningOf(column), of: column }));
  if (isMeasured) {
    columns.push(
      {
        name: MEASURED,
        type: 'numbers',
        meaning: 'values by the name of their column, as the data dictionary lists them',
      },
      {
        name: DESCRIBED,
        type: 'texts',
        meaning: 'texts by the name of their column, as the data dictionary lists them',
      },
    );
  }
  const repeated = columns.find(({ name }, at) => columns.findIndex((one) => one.name === name) !== at);
  if (repeated) throw new Error(`two columns of ${table} would have the name ${repeated.name}: rename one of them`);
  return { columns, numbers, texts };
}

function queryName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('%', 'percent')
    .replaceAll('/', '_per_')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_$/, '');
}

function meaningOf({ meaning, unit }: Column): string {
  return unit === '' ? meaning : `${meaning} (${unit})`;
}
