import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy, rowsOf } from '../courses.ts';
import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, courseLink, dataTable, folded, leadTable, MOST_ROWS } from '../parts.ts';
import { findingsByCode } from './findings.ts';

/** What a person has to look at: failed stages with their reasons, findings, structures without a result, files without a course. */
export function attention(input: ReportInput, courses: CourseView[]): Markup {
  const parts = [
    failures(courses, 'failed', 'Stages that failed'),
    failures(courses, 'partial', 'Stages with missing results'),
    skips(courses),
    findingsByCode(input, courses),
    structuresWithoutResult(input),
    unassigned(input),
  ];
  const shown = parts.filter((part) => part !== undefined);
  if (shown.length === 0) return html`<section><h2>Needs attention</h2><p class="quiet">Nothing.</p></section>`;
  return html`<section><h2>Needs attention</h2>${shown}</section>`;
}

interface CourseRow {
  course: CourseView;
  row: Row;
}

function failures(courses: CourseView[], status: string, title: string): Markup | undefined {
  const found = stagesThat(courses, status);
  if (found.length === 0) return undefined;
  return html`<h3>${title}</h3>${leadTable(
    found.map(
      ({ course, row }) => html`<tr><td>${courseLink(course)}</td><td>${row.stage}</td><td>${row.reason}</td></tr>`,
    ),
    html`<th>Course</th><th>Stage</th><th>Reason</th>`,
  )}`;
}

function skips(courses: CourseView[]): Markup | undefined {
  const groups = groupBy(stagesThat(courses, 'skipped'), ({ row }) => `${row.stage}\n${row.reason}`);
  if (groups.size === 0) return undefined;
  const rows = [...groups.values()].map(
    (group) =>
      html`<tr><td>${group[0].row.stage}</td><td class="n">${group.length}</td><td>${group[0].row.reason}</td></tr>`,
  );
  return folded(
    html`Skipped stages <span class="quiet">${plural(rows.length, 'reason')}</span>`,
    leadTable(rows, html`<th>Stage</th><th class="n">Courses</th><th>Reason</th>`),
  );
}

function structuresWithoutResult(input: ReportInput): Markup | undefined {
  const others = rowsOf(input, 'structures').filter((row) => row.status !== 'ok' && row.status !== undefined);
  if (others.length === 0) return undefined;
  const groups = groupBy(others, (row) => String(row.status));
  const rows = [...groups].map(([status, group]) => {
    const names = [...new Set(group.map((row) => String(row.roi_name)))];
    return html`<tr><td>${chip(status)}</td><td class="n">${group.length}</td><td>${names.slice(0, 12).join(', ')}${names.length > 12 && ' …'}</td></tr>`;
  });
  return html`<h3>Structures without a result</h3>${leadTable(rows, html`<th>Status</th><th class="n">Structures</th><th>Names</th>`)}`;
}

function unassigned(input: ReportInput): Markup | undefined {
  const rows = rowsOf(input, 'unassigned');
  if (rows.length === 0) return undefined;
  const groups = groupBy(rows, (row) => String(row.reason ?? 'no reason'));
  return html`<h3>Files in no course</h3>${[...groups].map(([reason, group]) =>
    folded(
      html`<code>${reason}</code> <span class="quiet">${plural(group.length, 'file')}. ${group[0].message}</span>`,
      html`${dataTable(
        [
          { head: 'File', cell: (row) => row.key },
          { head: 'Modality', cell: (row) => row.modality },
          { head: 'Message', cell: (row) => row.message },
        ],
        group.slice(0, MOST_ROWS),
      )}${group.length > MOST_ROWS && more(group.length - MOST_ROWS, 'unassigned')}`,
    ),
  )}`;
}

function stagesThat(courses: CourseView[], status: string): CourseRow[] {
  return courses.flatMap((course) =>
    course
      .rows('status')
      .filter((row) => row.status === status)
      .map((row) => ({ course, row })),
  );
}

function more(count: number, table: string): Markup {
  return html`<p class="quiet">and ${plural(count, 'more row')} in the table <code>${table}</code></p>`;
}
