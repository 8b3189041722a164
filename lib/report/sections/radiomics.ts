import { type CourseView, columnsOf } from '../courses.ts';
import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, dataColumn, dataTable, folded } from '../parts.ts';
import { tellingApart } from '../roi-names.ts';

/** Features that most readers know, to see at a glance whether the numbers make sense. */
const SHOWN_FEATURES = [
  'original_shape_MeshVolume',
  'original_shape_Sphericity',
  'original_firstorder_Mean',
  'original_firstorder_Entropy',
  'original_glcm_Contrast',
  'original_glcm_JointEntropy',
];

/** How many features were computed of how many structures, and a few of them. */
export function radiomics(course: CourseView, input: ReportInput): Markup {
  return html`${input.tables
    .filter((table) => table.name.startsWith('radiomics_'))
    .map(({ name }) => ofModality(course, input, name))}`;
}

function ofModality(course: CourseView, input: ReportInput, table: string): Markup | undefined {
  const rows = course.rows(table);
  if (rows.length === 0) return undefined;
  const names = columnsOf(input, table).map((column) => column.name);
  const features = names.filter((name) => /_(shape|shape2D|firstorder|glcm|glrlm|glszm|gldm|ngtdm)_/.test(name));
  const shown = SHOWN_FEATURES.filter((name) => names.includes(name));
  return folded(
    html`Radiomics ${table.slice('radiomics_'.length).toUpperCase()} <span class="quiet">${plural(rows.length, 'structure')}, ${plural(
      features.length,
      'feature',
    )}</span>`,
    dataTable(
      [
        { head: 'Structure', cell: (row) => row.roi_name },
        ...tellingApart(rows),
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
    ),
  );
}
