import { formatCell } from '../format.ts';
import type { Markup } from '../html.ts';
import { chip, dataTable } from '../parts.ts';
import { tellingApart } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

const ORDER = ['fail', 'acceptable', 'pass', 'not_evaluable'];

/** The clinical goals of the course: those that it fails first. */
export function goals({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('goals').toSorted((a, b) => rank(a.result) - rank(b.result));
  if (rows.length === 0) return undefined;
  return dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      ...tellingApart(rows, details.names),
      { head: 'Goal', cell: (row) => row.goal },
      {
        head: 'Reached',
        numeric: true,
        cell: ({ value, unit }) =>
          typeof value === 'number' ? `${formatCell(value, String(unit ?? ''))} ${unit ?? ''}` : '–',
      },
      { head: 'Result', cell: (row) => row.result && chip(row.result) },
      { head: 'Reason', cell: (row) => row.reason },
    ],
    rows,
    'Clinical goals',
  );
}

function rank(result: unknown): number {
  return ORDER.indexOf(String(result));
}
