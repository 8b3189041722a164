import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy } from '../courses.ts';

export const FEWEST_COURSES = 3;

/** A structure of many courses: of one name and one source, a row for each course. */
export interface SharedStructure {
  name: string;
  source: string;
  rows: { course: CourseView; row: Row }[];
}

/** The standard name, else the name as drawn. */
export function structureName(row: Row): string {
  return String(row.standard_name ?? row.roi_name ?? '');
}

/**
 * Structures that at least `FEWEST_COURSES` courses share, those of most courses first. A course counts once: with the row
 * of its primary set, of several doses with the first.
 */
export function sharedStructures(
  courses: CourseView[],
  table: string,
  counts: (row: Row) => boolean,
): SharedStructure[] {
  const all = courses.flatMap((course) => {
    const rows = course.rows(table).filter(counts);
    return [...groupBy(rows, structureKeyOf).values()].map((group) => ({
      course,
      row: group.find(({ primary }) => primary) ?? group[0],
    }));
  });
  return [...groupBy(all, ({ row }) => structureKeyOf(row))]
    .filter(([, rows]) => rows.length >= FEWEST_COURSES)
    .map(([key, rows]) => ({ key, name: structureName(rows[0].row), source: String(rows[0].row.source ?? ''), rows }))
    .sort((a, b) => b.rows.length - a.rows.length || (a.key < b.key ? -1 : 1));
}

function structureKeyOf(row: Row): string {
  return `${structureName(row)}\n${row.source ?? ''}`;
}
