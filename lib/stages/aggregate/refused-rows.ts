import type { TablePart } from '../../course-store/table-part.ts';
import { PipelineError } from '../../errors.ts';
import { type Finding, finding } from '../../findings.ts';
import type { Column, Row, Table, TableHead } from '../../tables/table.ts';
import { parted, type RefusedRow } from '../../tables/validate.ts';

/** What is sound, and what is left out: one row of a wrong type costs that row, not the tables of everyone. */
export interface Sifted<T> {
  sound: T;
  findings: Finding[];
}

/** A table without the rows that its columns do not allow. */
export function siftTable(table: Table): Sifted<Table> {
  const { table: sound, refused } = parted(table);
  return { sound, findings: refusedFindings(table.name, refused) };
}

/** What a course wrote of a table: its sound rows, or none where its columns are not those of the table. */
export function siftPart(head: TableHead, courseId: string, part: TablePart | undefined): Sifted<TablePart> {
  const refuse = (why: string): Sifted<TablePart> => ({
    sound: { columns: [], rows: [] },
    findings: [refusal(head.name, courseId, `all rows: ${why}`)],
  });
  if (!part || !Array.isArray(part.columns) || !Array.isArray(part.rows))
    return refuse('the stored part is not a table');
  const other = part.columns.find((column) => !agrees(column, head.columns));
  if (other) return refuse(`the column ${other.name} is not in the table, or has another type or unit`);
  try {
    const { table, refused } = parted({ ...head, ...part });
    return { sound: { ...part, rows: table.rows }, findings: refusedFindings(head.name, refused, courseId) };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return refuse(error.message);
  }
}

function agrees({ name, type, unit }: Column, declared: Column[]): boolean {
  const known = declared.find((column) => column.name === name);
  return known?.type === type && known.unit === unit;
}

/** One for each course and fault. */
export function refusedFindings(table: string, refused: RefusedRow[], courseId?: string): Finding[] {
  const groups = Map.groupBy(refused, ({ row, fault }) => `${courseId ?? courseOf(row)}\n${fault}`);
  return [...groups.values()].map((rows) =>
    refusal(
      table,
      courseId ?? courseOf(rows[0].row),
      `${rows.length === 1 ? '1 row' : `${rows.length} rows`}: ${rows[0].fault}`,
    ),
  );
}

function courseOf(row: Row): string {
  return typeof row?.course_id === 'string' ? row.course_id : '';
}

function refusal(table: string, courseId: string, what: string): Finding {
  return finding('ROWS_LEFT_OUT', table, courseId === '' ? what : `course ${courseId}, ${what}`);
}
