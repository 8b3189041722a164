/** Rows and columns of a table that have a value wherever they meet. */
export interface Block {
  rows: number[];
  columns: number[];
}

/**
 * A complete block of a table with gaps, as large as leaving out one row or column at a time finds it: always the one with
 * the greatest part missing, of equal ones a column. So a structure that lacks a third of its perturbations is left out
 * among many, but between two it costs those perturbations and not the comparison.
 */
export function completeBlock(rows: number, columns: number, has: (row: number, column: number) => boolean): Block {
  const block: Block = { rows: range(rows), columns: range(columns) };
  for (;;) {
    const rowMissing = block.rows.map((r) => block.columns.filter((c) => !has(r, c)).length);
    const missing = rowMissing.reduce((sum, count) => sum + count, 0);
    if (missing === 0) return block;
    const columnMissing = block.columns.map((c) => block.rows.filter((r) => !has(r, c)).length);
    const worstRow = indexOfMost(rowMissing);
    const worstColumn = indexOfMost(columnMissing);
    const [rowPart, columnPart] = [
      rowMissing[worstRow] / block.columns.length,
      columnMissing[worstColumn] / block.rows.length,
    ];
    if (rowPart > columnPart || rowPart === 1) block.rows.splice(worstRow, 1);
    else block.columns.splice(worstColumn, 1);
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function indexOfMost(counts: number[]): number {
  return counts.indexOf(Math.max(...counts));
}
