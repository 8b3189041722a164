import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { encode } from './column-chunks.ts';
import { rowsPerGroup, schemaElement } from './parquet.ts';
import type { QueryColumn, QueryForm } from './query-form.ts';
import type { Column, Row, TableHead } from './table.ts';
import { cellOf } from './validate.ts';

/**
 * A table as the Parquet file that query engines read, in pieces. A map has an entry for every column of the run, with
 * null where there is no value: so a name that no column has is an error of the query, and no value is not.
 */
export async function* queryParquetPieces(
  head: TableHead,
  form: QueryForm,
  batches: AsyncIterable<Row[]>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const schema = [{ name: 'root', num_children: form.columns.length }, ...form.columns.flatMap(elementsOf)];
  const file = new ParquetWriter({ writer, schema, createdBy: 'rtpipeline' });
  const perGroup = rowsPerGroup(head.columns);
  const write = (rows: Row[]) => {
    const columnData = form.columns.map((column) => ({ name: column.name, data: dataOf(column, form, rows) }));
    file.write({ columnData, rowGroupSize: perGroup });
    const ready = new Uint8Array(writer.getBuffer());
    writer.index = 0;
    return ready;
  };
  let open: Row[] = [];
  for await (const rows of batches) {
    open = open.length === 0 ? rows : open.concat(rows);
    while (open.length >= perGroup) {
      yield write(open.slice(0, perGroup));
      open = open.slice(perGroup);
    }
  }
  if (open.length > 0) yield write(open);
  file.finish();
  yield writer.getBytes();
}

/** Maps as the Parquet format lays them out: https://parquet.apache.org/docs/file-format/types/logicaltypes/#maps */
function elementsOf({ name, type }: QueryColumn): SchemaElement[] {
  if (type !== 'numbers' && type !== 'texts') return [schemaElement({ name, type })];
  return [
    { name, repetition_type: 'OPTIONAL', converted_type: 'MAP', logical_type: { type: 'MAP' }, num_children: 1 },
    { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
    { name: 'key', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    schemaElement({ name: 'value', type: type === 'numbers' ? 'double' : 'string' }),
  ];
}

function dataOf({ type, of }: QueryColumn, { numbers, texts }: QueryForm, rows: Row[]): unknown[] {
  if (of) return rows.map((row) => encode(row, of));
  return rows.map((row) => (type === 'numbers' ? numbers : texts).map((column) => entryOf(row, column, type)));
}

function entryOf(row: Row, column: Column, type: QueryColumn['type']): { key: string; value: unknown } {
  const value = cellOf(row, column);
  return { key: column.name, value: value !== null && type === 'texts' ? String(value) : value };
}
