import { isTarget } from '../rt/target.ts';
import type { Cell, Column, Row, Table } from '../tables/table.ts';
import type { ReportInput } from './input.ts';
import { structureKey } from './roi-names.ts';

export type CourseState = 'done' | 'failed' | 'incomplete';

/** A course as the page shows it. */
export interface CourseView {
  id: string;
  patientId: string;
  name: string;
  state: CourseState;
  metadata: Row;
  /** Rows of a table that belong to the course; [] when there is no such table. */
  rows(table: string): Row[];
}

/** Every course that any table names, by patient and start: one that left only a status is not left out. */
export function coursesOf(input: ReportInput): CourseView[] {
  const indexed = new Map(input.tables.map((table) => [table.name, rowsByCourse(table)]));
  const ids = new Set([...indexed.values()].flatMap((byCourse) => [...byCourse.keys()]));
  const rows = (id: string, table: string) => indexed.get(table)?.get(id) ?? [];
  const used = new Set(rowsOf(input, 'status').flatMap((row) => (row.status === 'not_run' ? [] : [row.stage])));
  const views = [...ids].map((id) => viewOf(id, (table) => rows(id, table), used));
  const order = (view: CourseView) =>
    [view.patientId, String(view.metadata.course_start_date ?? ''), view.id].join('\n');
  return views.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function viewOf(id: string, rows: (table: string) => Row[], used: Set<Cell>): CourseView {
  const metadata = rows('case_metadata')[0] ?? {};
  const known = [metadata, ...rows('status'), ...rows('structures')].find((row) => row.patient_id);
  return {
    id,
    patientId: String(known?.patient_id ?? ''),
    name: String(metadata.course_name ?? id.slice(0, 8)),
    state: stateOf(rows('status'), used),
    metadata,
    rows,
  };
}

/** A stage that ran for no course at all is switched off; one that ran for others, or in part, is missing here. */
function stateOf(statuses: Row[], used: Set<Cell>): CourseState {
  if (statuses.some((row) => row.status === 'failed')) return 'failed';
  const isOpen = (row: Row) => row.status === 'partial' || (row.status === 'not_run' && used.has(row.stage));
  return statuses.some(isOpen) ? 'incomplete' : 'done';
}

function rowsByCourse(table: Table): Map<string, Row[]> {
  const byCourse = new Map<string, Row[]>();
  if (!table.columns.some((column) => column.name === 'course_id')) return byCourse;
  for (const row of table.rows) {
    if (typeof row.course_id !== 'string') continue;
    const rows = byCourse.get(row.course_id);
    if (rows) rows.push(row);
    else byCourse.set(row.course_id, [row]);
  }
  return byCourse;
}

export function columnsOf(input: ReportInput, table: string): Column[] {
  return input.tables.find(({ name }) => name === table)?.columns ?? [];
}

export function rowsOf(input: ReportInput, table: string): Row[] {
  return input.tables.find(({ name }) => name === table)?.rows ?? [];
}

export type StructureNumbers = Map<string, number>;

/** A number for each structure of a course by `structureKey`: targets first, then by mean dose, so that colours differ where it matters. */
export function structureNumbers(course: CourseView, curves: Row[]): StructureNumbers {
  const types = new Map(
    course.rows('structures').map((row) => [structureKey(row), String(row.interpreted_type ?? '')]),
  );
  const means = new Map<string, number>();
  for (const row of course.rows('dvh_metrics'))
    means.set(structureKey(row), Math.max(Number(row['Mean[Gy]'] ?? 0), means.get(structureKey(row)) ?? 0));
  const named = [...course.rows('structures'), ...course.rows('dvh_metrics'), ...curves];
  const keys = new Map(named.map((row) => [structureKey(row), String(row.roi_name ?? '')]));
  const ranked = [...keys].map(([key, name]) => ({
    key,
    isTarget: isTarget({ name, interpretedType: types.get(key) ?? '' }),
    mean: means.get(key) ?? 0,
  }));
  ranked.sort((a, b) => Number(b.isTarget) - Number(a.isTarget) || b.mean - a.mean || (a.key < b.key ? -1 : 1));
  return new Map(ranked.map(({ key }, number) => [key, number]));
}

/** Rows of structures in the order of their numbers. */
export function inOrder(rows: Row[], numbers: StructureNumbers): Row[] {
  const place = (row: Row) => numbers.get(structureKey(row)) ?? Number.POSITIVE_INFINITY;
  return rows.toSorted((a, b) => place(a) - place(b) || 0);
}

/** Rows under each value of a key, in the order of their first appearance. */
export function groupBy<T>(rows: T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** The first of these columns that has a value: tables of other versions may name a thing otherwise. */
export function firstValue(row: Row, ...names: string[]): Cell | undefined {
  return names.map((name) => row[name]).find((cell) => cell !== undefined && cell !== null);
}
