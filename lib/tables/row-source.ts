import type { Row, Table, TableHead } from './table.ts';

/** A table whose rows are read anew for every file that is made of them: it need not be held at once. */
export interface RowSource extends TableHead {
  /** How many rows there are. */
  count: number;
  /** All rows in their order, some at a time. */
  batches(): AsyncIterable<Row[]>;
}

/** A table that is held. */
export function sourceOf({ rows, ...head }: Table): RowSource {
  return {
    ...head,
    count: rows.length,
    async *batches() {
      yield rows;
    },
  };
}
