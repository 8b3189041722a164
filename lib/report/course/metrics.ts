import type { Row } from '../../tables/table.ts';
import { columnsOf, inOrder } from '../courses.ts';
import { formatCell, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip, dataColumn, dataTable, type Shown } from '../parts.ts';
import { tellingApart } from '../roi-names.ts';
import { type CoursePage, hasColumn } from './subject.ts';

/** Metrics that fit on a page, in this order; all others are in the tables. */
export const COURSE_METRICS = [
  'Volume[cc]',
  'Mean[Gy]',
  'Max[Gy]',
  'D98%[Gy]',
  'D95%[Gy]',
  'D50%[Gy]',
  'D2%[Gy]',
  'D0.03cc[Gy]',
  'V95%[%]',
  'V20Gy[%]',
  'dose_coverage',
];

const COVERED: Shown = {
  head: 'Covered',
  unit: '%',
  numeric: true,
  cell: ({ dose_coverage: part }) => formatCell(typeof part === 'number' ? 100 * part : part, '%'),
};

/** Dose metrics of every structure. */
export function metrics(page: CoursePage): Markup | undefined {
  const { course, input, details } = page;
  const rows = inOrder(course.rows('dvh_metrics'), page.numbers);
  if (rows.length === 0) return undefined;
  const names = columnsOf(input, 'dvh_metrics').map((column) => column.name);
  const shown = COURSE_METRICS.filter((name) => names.includes(name));
  const others = names.filter((name) => /\]$/.test(name) && !shown.includes(name)).length;
  return html`${dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      ...tellingApart(rows, details.names),
      ...(hasColumn(page, 'dvh_metrics', 'status')
        ? [{ head: 'Status', cell: (row: Row) => row.status && chip(row.status, String(row.reason ?? '')) }]
        : []),
      ...shown.map((name) => (name === 'dose_coverage' ? COVERED : dataColumn(name))),
    ],
    rows,
    'Dose metrics',
  )}<p class="quiet">The volume is that inside the contours, with the end caps: report it beside a dose. The mask volume below counts voxels: report it beside radiomics.${
    others > 0 && html` ${plural(others, 'more metric')} in the table <code>dvh_metrics</code>.`
  }</p>`;
}
