import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { BadInput } from '../errors.ts';
import { columnChunks } from './column-chunks.ts';
import type { Cell, Column, ColumnType, Row, Table, TableHead } from './table.ts';
import { validateTable } from './validate.ts';

const MOST_ROWS_PER_GROUP = 100_000;
/** A row group is held as rows and as columns while it is written: wide tables have groups of fewer rows. */
const CELLS_PER_GROUP = 2 ** 20;

/**
 * A table as a Parquet file: typed nullable columns, Snappy where it pays, and under the file's metadata keys
 * `table`, `key` (JSON) and `columns` (JSON) which columns tell the rows apart and what each column means. The same table
 * gives the same bytes. A missing value is null, never NaN. Timestamps are wall-clock milliseconds; one with a zone is turned into UTC first.
 * @throws PipelineError when a row holds what the columns do not promise
 */
export function toParquet(table: Table): Uint8Array {
  const file = createParquet(table);
  file.append(table.rows);
  return file.finish();
}

/** The file of `toParquet` in pieces, of a table too long to be held at once. Cutting the rows differently gives the same bytes. */
export async function* parquetPieces(head: TableHead, batches: AsyncIterable<Row[]>): AsyncGenerator<Uint8Array> {
  const file = createParquet(head);
  for await (const rows of batches) {
    file.append(rows);
    const ready = file.take();
    if (ready.length > 0) yield ready;
  }
  yield file.finish();
}

/** A Parquet file that grows: only the rows of the open row group are held as objects. */
export interface ParquetFile {
  append(rows: Row[]): void;
  /** Bytes that are ready, which are no longer held then. */
  take(): Uint8Array;
  /** Ends the file: the bytes that were not taken. */
  finish(): Uint8Array;
}

/** How many rows are written together. */
export function rowsPerGroup(columns: Column[]): number {
  return Math.min(MOST_ROWS_PER_GROUP, Math.max(1, Math.floor(CELLS_PER_GROUP / columns.length)));
}

/** As `toParquet`, growing row by row. Cutting the rows differently gives the same bytes. */
export function createParquet({ name, key, columns }: TableHead): ParquetFile {
  const perGroup = rowsPerGroup(columns);
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)],
    kvMetadata: [
      { key: 'table', value: name },
      { key: 'key', value: JSON.stringify(key) },
      { key: 'columns', value: JSON.stringify(columns) },
    ],
    createdBy: 'rtpipeline',
  });
  let open: Row[] = [];
  const writeGroup = (rows: Row[]) => {
    file.write({ columnData: columnChunks(rows, columns), rowGroupSize: perGroup });
  };
  return {
    append(rows) {
      validateTable({ name, key, columns, rows });
      open = open.length === 0 ? rows : open.concat(rows);
      while (open.length >= perGroup) {
        writeGroup(open.slice(0, perGroup));
        open = open.slice(perGroup);
      }
    },
    take() {
      const ready = new Uint8Array(writer.getBuffer());
      writer.index = 0;
      return ready;
    },
    finish() {
      if (open.length > 0) writeGroup(open);
      file.finish();
      return writer.getBytes();
    },
  };
}

/**
 * Reads what `toParquet` wrote. Timestamps come back as `yyyy-mm-ddThh:mm:ss`, with milliseconds where there are any.
 * @throws BadInput when the file does not carry our column metadata
 */
export async function fromParquet(bytes: Uint8Array): Promise<Table> {
  const file = copyOf(bytes);
  const metadata = parquetMetadata(file);
  const { name, key, columns } = headOf(metadata);
  const records = await parquetReadObjects({ file, metadata });
  const rows = records.map((record) => Object.fromEntries(columns.map((c) => [c.name, decode(record[c.name])])));
  return { name, key, columns, rows };
}

/** A table without its rows. @throws BadInput as `fromParquet` */
export function parquetHead(bytes: Uint8Array): TableHead {
  return headOf(parquetMetadata(copyOf(bytes)));
}

/** A Buffer's slice() would not copy, and its buffer holds other files as well. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** A table without its rows, from what its file says of itself. @throws BadInput as `fromParquet` */
export function headOf(metadata: FileMetaData): TableHead {
  const storedUnder = (key: string) => metadata.key_value_metadata?.find((pair) => pair.key === key)?.value;
  const [name, key, described] = [storedUnder('table'), storedUnder('key'), storedUnder('columns')];
  if (name === undefined || key === undefined || described === undefined)
    throw new BadInput('this Parquet file does not name its key and columns');
  return { name, key: JSON.parse(key), columns: JSON.parse(described) };
}

const PHYSICAL: Record<ColumnType, Omit<SchemaElement, 'name'>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  double: { type: 'DOUBLE' },
  int: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' } },
};

/** A column of one value a row, as the schema of a file has it. */
export function schemaElement(column: Pick<Column, 'name' | 'type'>): SchemaElement {
  return { name: column.name, repetition_type: 'OPTIONAL', ...PHYSICAL[column.type] };
}

/** A value of a file as a cell. */
export function decode(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().replace(/(\.000)?Z$/, '');
  return value as Cell;
}
