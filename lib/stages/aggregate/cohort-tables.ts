import { type Finding, finding } from '../../findings.ts';
import { sortRows } from '../../tables/sort.ts';
import type { Table } from '../../tables/table.ts';
import type { RunRequest } from '../request.ts';
import type { WrittenTable } from '../robustness/summary.ts';
import { COURSE_STAGE_NAMES } from '../table.ts';
import type { CourseResults, DamagedCourse } from './read-courses.ts';
import { STAGE_KEY, STATUS_COLUMNS, TIMING_COLUMNS } from './result-tables.ts';
import type { Aggregated } from './run-record.ts';
import { damagedRows, statusRows, timingRows } from './status-rows.ts';

/** Rows that a key does not tell apart would multiply in every join. */
export function keyFindings(tables: WrittenTable[]): Finding[] {
  return tables
    .filter(({ repeatedKeys }) => repeatedKeys > 0)
    .map(({ name, key, repeatedKeys }) =>
      finding('KEY_REPEATED', name, `${repeatedKeys} rows have the key of another row (${key.join(', ')})`),
    );
}

export function stageTables(courses: CourseResults[], damaged: DamagedCourse[]): Table[] {
  const rows = (make: typeof statusRows) => courses.flatMap(({ course, statuses }) => make(course, statuses));
  const all = [...rows(statusRows), ...damaged.flatMap(({ courseId }) => damagedRows(courseId))];
  return [
    sortRows({ name: 'status', key: STAGE_KEY, columns: STATUS_COLUMNS, rows: all }),
    sortRows({ name: 'timings', key: STAGE_KEY, columns: TIMING_COLUMNS, rows: rows(timingRows) }),
  ];
}

/** A course has failed when a stage that was asked for failed, or has no result that stands; `partial` when one is so. */
export function countCourses(
  courses: CourseResults[],
  damaged: number,
  { stages: asked }: RunRequest,
): Aggregated['courses'] {
  const wanted = COURSE_STAGE_NAMES.filter((name) => asked.length === 0 || asked.includes(name));
  const countWith = (accepted: string[]) =>
    courses.filter(({ statuses }) => wanted.every((name) => accepted.includes(statuses.get(name)?.status ?? 'not_run')))
      .length;
  const ok = countWith(['ok', 'skipped']);
  const withPartial = countWith(['ok', 'skipped', 'partial']);
  return { ok, partial: withPartial - ok, failed: courses.length - withPartial + damaged };
}
