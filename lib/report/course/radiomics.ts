import { columnsOf } from '../courses.ts';
import { isFeature, SHOWN_FEATURES } from '../features.ts';
import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip, dataColumn, dataTable } from '../parts.ts';
import { tellingApart } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** How many features were computed of how many structures, and a few of them. */
export function radiomics(page: CoursePage): Markup | undefined {
  const parts = page.input.tables
    .filter((table) => table.name.startsWith('radiomics_'))
    .flatMap(({ name }) => ofModality(page, name) ?? []);
  return parts.length > 0 ? html`${parts}` : undefined;
}

function ofModality({ course, input, details }: CoursePage, table: string): Markup | undefined {
  const rows = course.rows(table);
  if (rows.length === 0) return undefined;
  const names = columnsOf(input, table).map((column) => column.name);
  const features = names.filter(isFeature);
  const shown = SHOWN_FEATURES.filter((name) => names.includes(name));
  return html`<h3>${table.slice('radiomics_'.length).toUpperCase()} <span class="quiet">${plural(rows.length, 'structure')}, ${plural(
    features.length,
    'feature',
  )}, ${shown.length} of them here</span></h3>${dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      ...tellingApart(rows, details.names),
      ...(names.includes('status')
        ? [
            {
              head: 'Status',
              cell: (row: (typeof rows)[number]) => row.status && chip(row.status, String(row.reason ?? '')),
            },
          ]
        : []),
      ...shown.map((name) => ({ ...dataColumn(name), head: name.replace('original_', '').replaceAll('_', ' ') })),
    ],
    rows,
    table,
  )}`;
}
