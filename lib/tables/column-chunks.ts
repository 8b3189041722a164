import type { ColumnSource } from 'hyparquet-writer';
import type { Cell, Column, Row } from './table.ts';
import { cellOf, hasValue } from './validate.ts';

type Values = (Cell | bigint)[] | Float64Array;

/** Rows as the writer takes them: column by column, each with how it is best written. */
export function columnChunks(rows: Row[], columns: Column[]): ColumnSource[] {
  const data = transposed(rows, columns);
  return columns.map(({ name, type }, c) => {
    const chunk = { name, data: data[c] };
    return type === 'double' && isVaried(data[c]) ? { ...chunk, ...AS_IT_IS } : chunk;
  });
}

/**
 * Doubles that differ have no use for a dictionary. Snappy saves 4 % of those of radiomics and takes longer than
 * all the rest of the writing.
 */
const AS_IT_IS = { encoding: 'PLAIN', codec: 'UNCOMPRESSED' } as const;

/** Values that are looked at: some of all, and the first ones, as curves repeat each other's steps. */
const SPREAD = 64;
const FIRST = 512;
/** Fewer say nothing about the others. */
const LEAST_SAMPLE = 16;
/** The least share of different ones among them: the writer, too, makes no dictionary above it. */
const VARIED = 0.9;

function isVaried(values: Values): boolean {
  return (
    differ(values, SPREAD, (values.length - 1) / (SPREAD - 1)) && differ(values, Math.min(FIRST, values.length), 1)
  );
}

/** Whether next to no value is there twice among `count` values that are `step` apart. */
function differ(values: Values, count: number, step: number): boolean {
  const sample = new Set<unknown>();
  let present = 0;
  for (let n = 0; n < count; n++) {
    const value = values[Math.floor(n * step)];
    if (value === null || value === undefined) continue;
    present += 1;
    sample.add(value);
  }
  return present >= LEAST_SAMPLE && sample.size > VARIED * present;
}

/** The values of each column. Row by row: a wide row is looked through at once, not again for each of its columns. */
function transposed(rows: Row[], columns: Column[]): Values[] {
  const data = columns.map(({ type }) => (type === 'double' ? new Float64Array(rows.length) : new Array(rows.length)));
  const hasGaps = columns.map(() => false);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    for (let c = 0; c < columns.length; c++) {
      const values = data[c];
      if (values instanceof Float64Array) {
        const cell = row[columns[c].name];
        if (hasValue(cell)) values[r] = cell as number;
        else {
          values[r] = Number.NaN;
          hasGaps[c] = true;
        }
      } else values[r] = encode(row, columns[c]);
    }
  }
  return data.map((values, c) => (hasGaps[c] ? withNulls(values) : values));
}

/** No number of a table is NaN: in the file there is no value then. */
function withNulls(values: Iterable<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

/** The cell of a row as the file has it. */
export function encode(row: Row, column: Column): Cell | bigint {
  const cell = cellOf(row, column);
  if (cell === null) return null;
  if (column.type === 'int') return BigInt(cell);
  return column.type === 'timestamp' ? BigInt(wallClockMs(String(cell))) : cell;
}

/** A date and time without a zone is read as if it were UTC: no machine's zone may leak into the file. */
function wallClockMs(text: string): number {
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text);
  return Date.parse(text.includes('T') && !hasZone ? `${text}Z` : text);
}
