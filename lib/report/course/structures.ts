import type { Row } from '../../tables/table.ts';
import { inOrder } from '../courses.ts';
import { formatCell, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip, dataTable, type Shown } from '../parts.ts';
import { structureKey, tellingApart } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** What quality control measured in a mask. */
const MEASURES = [
  { column: 'pieces', head: 'Pieces', unit: '' },
  { column: 'median_hu', head: 'Median', unit: 'HU' },
  { column: 'median_dose_gy', head: 'Median dose', unit: 'Gy' },
];

/** Every structure with how it ended, and what its mask holds. */
export function structures({ course, details, numbers }: CoursePage): Markup | undefined {
  const rows = inOrder(course.rows('structures'), numbers);
  if (rows.length === 0) return undefined;
  const measured = new Map(course.rows('qc_measures').map((row) => [structureKey(row), row]));
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
    ...MEASURES.filter(({ column }) => [...measured.values()].some((row) => typeof row[column] === 'number')).map(
      ({ column, head, unit }): Shown => ({
        head,
        unit,
        numeric: true,
        cell: (row) => formatCell(measured.get(structureKey(row))?.[column], unit),
      }),
    ),
    { head: 'Reason', cell: (row) => row.reason },
  ];
  const others = rows.filter((row) => row.status !== 'ok').length;
  return html`<p class="quiet">${plural(rows.length, 'structure')}${others > 0 && `, ${others} without a result`}.</p>${dataTable(columns, rows, 'Structures')}`;
}
