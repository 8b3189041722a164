import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy, rowsOf } from '../courses.ts';
import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, courseLink, folded, leadTable } from '../parts.ts';

const MOST_LINKS = 4;
const MOST_EXAMPLES = 6;
const SEVERITIES = ['error', 'warning', 'info'];

/** Errors of all courses by code, and warnings folded: how many courses, where, and what to do. */
export function findingsByCode(input: ReportInput, courses: CourseView[]): Markup | undefined {
  const rows = rowsOf(input, 'findings');
  const [errors, warnings] = ['error', 'warning'].map((severity) => rows.filter((row) => row.severity === severity));
  if (errors.length + warnings.length === 0) return undefined;
  const byId = new Map(courses.map((course) => [course.id, course]));
  const table = (some: Row[]) =>
    leadTable(
      [...groupBy(some, (row) => String(row.code)).values()].map((group) => codeRow(group, byId)),
      html`<th>Finding</th><th class="n">Courses</th><th>Where</th><th>For example</th><th>What to do</th>`,
    );
  return html`<h3>Findings</h3>${errors.length > 0 && table(errors)}${
    warnings.length > 0 &&
    folded(html`Warnings <span class="quiet">${plural(warnings.length, 'finding')}</span>`, table(warnings))
  }`;
}

function codeRow(group: Row[], byId: Map<string, CourseView>): Markup {
  const found = [...new Set(group.map((row) => String(row.course_id ?? '')))].flatMap((id) => byId.get(id) ?? []);
  const links = found.slice(0, MOST_LINKS).map(courseLink);
  return html`<tr><td>${chip(group[0].severity)} <code>${group[0].code}</code></td><td class="n">${found.length || '–'}</td><td>${links}${
    found.length > MOST_LINKS && '…'
  }</td><td>${subjectOf(group[0])}${group[0].message}</td><td>${group[0].remedy}</td></tr>`;
}

/** Everything that any stage found in a course, the gravest first. */
export function courseFindings(course: CourseView): Markup | undefined {
  const rows = course.rows('findings');
  if (rows.length === 0) return undefined;
  const rank = (row: Row) => SEVERITIES.indexOf(String(row.severity));
  const groups = [...groupBy(rows, (row) => String(row.code)).values()].sort(([a], [b]) => rank(a) - rank(b));
  const counts = SEVERITIES.map(
    (severity) => [rows.filter((row) => row.severity === severity).length, severity] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, severity]) => (severity === 'info' ? `${count} info` : plural(count, severity)));
  return folded(
    html`Findings <span class="quiet">${counts.join(', ')}</span>`,
    html`<ul class="plain">${groups.map(
      (group) =>
        html`<li>${chip(group[0].severity)} <code>${group[0].code}</code> <span class="quiet">${group[0].stage}: ${group[0].remedy}</span>${group
          .slice(0, MOST_EXAMPLES)
          .map(
            (row) =>
              html`<div class="finding">${subjectOf(row)}${row.message} <span class="quiet">${row.where}</span></div>`,
          )}${
          group.length > MOST_EXAMPLES && html`<div class="quiet">and ${group.length - MOST_EXAMPLES} more</div>`
        }</li>`,
    )}</ul>`,
    groups.some(([first]) => first.severity === 'error'),
  );
}

function subjectOf(row: Row): Markup | undefined {
  return row.roi_name ? html`<b>${row.roi_name}</b>: ` : undefined;
}
