import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { decode, headOf } from './parquet.ts';
import type { Row, TableHead } from './table.ts';

/** A file of which ranges can be read. */
export type ByteSource = AsyncBuffer;

/** A Parquet file of ours, read by columns. Columns that are not requested are not even fetched. */
export interface ParquetColumns {
  head: TableHead;
  /** The rows, in the order of the file, with these columns alone. */
  read(names: readonly string[]): Promise<Row[]>;
}

/** @throws BadInput as `fromParquet` */
export async function openParquet(file: ByteSource): Promise<ParquetColumns> {
  const metadata = await parquetMetadataAsync(file);
  return {
    head: headOf(metadata),
    async read(names) {
      const records = await parquetReadObjects({ file, metadata, columns: [...names] });
      for (const record of records) for (const name of names) record[name] = decode(record[name]);
      return records as Row[];
    },
  };
}
