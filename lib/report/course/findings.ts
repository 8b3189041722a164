import type { Row } from '../../tables/table.ts';
import { groupBy } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { chip } from '../parts.ts';
import { withNames } from '../roi-names.ts';
import { placeOf } from './place.ts';
import type { CoursePage } from './subject.ts';

const SEVERITIES = ['error', 'warning', 'info'];

/** Everything that any stage found in a course, the gravest first. */
export function courseFindings({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('findings');
  if (rows.length === 0) return undefined;
  const rank = (row: Row) => SEVERITIES.indexOf(String(row.severity));
  const groups = [...groupBy(rows, (row) => String(row.code)).values()].sort(([a], [b]) => rank(a) - rank(b));
  return html`<ul class="plain">${groups.map(
    (group) =>
      html`<li>${chip(group[0].severity)} <code>${group[0].code}</code> <span class="quiet">${group[0].stage}: ${group[0].remedy}</span>${group.map(
        (row) =>
          html`<div class="finding">${subjectOf(row)}${withNames(String(row.message ?? ''), details.names)}${placeOf(row)}</div>`,
      )}</li>`,
  )}</ul>`;
}

function subjectOf(row: Row): Markup | undefined {
  return row.roi_name ? html`<b>${row.roi_name}</b>: ` : undefined;
}
