import { groupBy, rowsOf } from '../courses.ts';
import { findingTitle } from '../finding-title.ts';
import { formatCount, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, dataTable, folded } from '../parts.ts';
import { findingsOfNoCourse } from './courses-of-cohort.ts';

/** More would make the page grow without end: the table `unassigned` has them all. */
const MOST_FILES = 2000;

/** Files that belong to no course, by reason, and findings on the upload itself. */
export function unassigned(input: ReportInput): Markup | undefined {
  const rows = rowsOf(input, 'unassigned');
  const findings = findingsOfNoCourse(input);
  if (rows.length + findings.length === 0) return undefined;
  return html`${findings.map(
    (row) =>
      html`<p>${chip(row.severity)} ${findingTitle(row.code)} <code>${row.code}</code> <span class="quiet">${row.message}. ${row.remedy}</span></p>`,
  )}${[...groupBy(rows, (row) => String(row.reason ?? 'no reason'))].map(([reason, group]) =>
    folded(
      html`${chip('warning')} Files in no course: ${reason.replaceAll('_', ' ')} <span class="quiet">${plural(group.length, 'file')}. ${group[0].message}</span>`,
      html`${dataTable(
        [
          { head: 'File', cell: (row) => row.key },
          { head: 'Modality', cell: (row) => row.modality },
          { head: 'Message', cell: (row) => row.message },
        ],
        group.slice(0, MOST_FILES),
        `Files: ${reason}`,
      )}${group.length > MOST_FILES && html`<p class="quiet">and ${formatCount(group.length - MOST_FILES)} more in the table <code>unassigned</code></p>`}`,
    ),
  )}`;
}
