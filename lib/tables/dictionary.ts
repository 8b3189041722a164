import { compareCells } from './sort.ts';
import { type Column, column, type Table } from './table.ts';

/** A column with the table that it stands in. */
export interface DictionaryEntry extends Omit<Column, 'name'> {
  table: string;
  column: string;
  /** Whether it is part of the key of its table. */
  key: boolean;
}

/** Every column of every table, tables by name, columns as they stand: the content of data_dictionary.json. */
export function dataDictionary(tables: Pick<Table, 'name' | 'key' | 'columns'>[]): DictionaryEntry[] {
  return tables
    .toSorted((a, b) => compareCells(a.name, b.name))
    .flatMap((table) =>
      table.columns.map(({ name, type, unit, meaning, source }) => ({
        table: table.name,
        column: name,
        key: table.key.includes(name),
        type,
        unit,
        meaning,
        source,
      })),
    );
}

/** The data dictionary as a table, for the workbook. */
export function dictionaryTable(tables: Pick<Table, 'name' | 'key' | 'columns'>[]): Table {
  return {
    name: 'data_dictionary',
    key: ['table', 'column'],
    columns: [
      column('table', 'string', 'Table in which the column stands.'),
      column('column', 'string', 'Name of the column.'),
      column(
        'key',
        'boolean',
        'Whether it is part of the key, the columns that together tell the rows of the table apart.',
      ),
      column('type', 'string', 'string, double, int, boolean or timestamp (ISO 8601).'),
      column(
        'unit',
        'string',
        'Unit of the value; empty for text and pure numbers; intensity_unit: the one in the column of that name.',
      ),
      column('meaning', 'string', 'What the value means.'),
      column('source', 'string', 'Where the definition comes from.'),
    ],
    rows: dataDictionary(tables).map((entry) => ({ ...entry })),
  };
}
