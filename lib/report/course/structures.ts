import type { Row } from '../../tables/table.ts';
import { formatCell, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip, dataTable, type Shown } from '../parts.ts';
import { tellingApart } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Every structure with how it ended. */
export function structures({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('structures');
  if (rows.length === 0) return undefined;
  const named = (name: string) => rows.some((row) => row[name] !== undefined && row[name] !== null);
  const columns: Shown[] = [
    { head: 'Structure', cell: (row) => row.roi_name },
    ...(named('standard_name') ? [{ head: 'Standard name', cell: (row: Row) => row.standard_name }] : []),
    ...tellingApart(rows, details.names),
    { head: 'Status', cell: (row) => row.status && chip(row.status) },
    {
      head: 'Mask volume',
      unit: 'cc',
      numeric: true,
      cell: (row) => formatCell(row.mask_volume_cc, 'cc'),
    },
    { head: 'Reason', cell: (row) => row.reason },
  ];
  const others = rows.filter((row) => row.status !== 'ok').length;
  return html`<p class="quiet">${plural(rows.length, 'structure')}${others > 0 && `, ${others} without a result`}.</p>${dataTable(columns, rows, 'Structures')}`;
}
