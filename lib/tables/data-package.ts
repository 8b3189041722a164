import { compareCells } from './sort.ts';
import type { ColumnType, Table } from './table.ts';

/** A table as a CSV file. */
export interface CsvFile {
  table: Pick<Table, 'name' | 'key' | 'columns'>;
  /** Beside `datapackage.json`. */
  path: string;
  bytes: number;
  sha256: string;
}

/** Types of Table Schema: https://specs.frictionlessdata.io/table-schema/#types-and-formats */
const TYPES: Record<ColumnType, string> = {
  string: 'string',
  double: 'number',
  int: 'integer',
  boolean: 'boolean',
  timestamp: 'datetime',
};

/**
 * The tables as a Tabular Data Package, which data packages' tools load with types, keys and meanings:
 * https://specs.frictionlessdata.io/tabular-data-package/. A unit stands in `unit`, and a definition in `source`, which readers
 * that do not know them pass over.
 */
export function dataPackage(files: CsvFile[], created: string): object {
  return {
    profile: 'tabular-data-package',
    name: 'rtpipeline-results',
    title: 'Radiotherapy tables of a cohort',
    created,
    resources: files
      .toSorted((a, b) => compareCells(a.table.name, b.table.name))
      .map(({ table, path, bytes, sha256 }) => ({
        profile: 'tabular-data-resource',
        name: table.name.replaceAll('_', '-'),
        path,
        format: 'csv',
        mediatype: 'text/csv',
        encoding: 'utf-8',
        bytes,
        hash: `sha256:${sha256}`,
        schema: {
          fields: table.columns.map(({ name, type, meaning, unit, source }) => ({
            name,
            type: TYPES[type],
            ...(type === 'timestamp' && { format: 'any' }),
            description: meaning,
            ...(unit !== '' && { unit }),
            ...(source !== '' && { source }),
          })),
          missingValues: [''],
          primaryKey: table.key,
        },
      })),
  };
}
