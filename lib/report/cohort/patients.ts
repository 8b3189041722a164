import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy } from '../courses.ts';
import { formatCell, formatCount, formatDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { dataTable, facts, folded } from '../parts.ts';
import { quantile } from './quantiles.ts';

/** Who was treated, and those who came back, with their courses in the order of time. */
export function patients(courses: CourseView[], rows: Row[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  const again = rows.filter((row) => Number(row.courses) > 1);
  const views = groupBy(courses, ({ patientId }) => patientId);
  return html`${facts([
    ['Patients', formatCount(rows.length)],
    ['Sex', sexes(rows)],
    ['Age at the first course', ages(rows)],
    ['With several courses', formatCount(again.length)],
    ['First treatment', spanOf(rows)],
  ])}${
    again.length > 0 &&
    folded(
      `Patients with several courses (${formatCount(again.length)})`,
      dataTable(
        [
          { head: 'Patient', cell: (row) => row.patient_id },
          { head: 'Courses', cell: (row) => linksTo(views.get(String(row.patient_id)) ?? []) },
          { head: 'Prescriptions', unit: 'Gy', cell: (row) => row.prescriptions_gy },
          { head: 'Fractions', numeric: true, cell: (row) => formatCell(row.fractions_delivered) },
          { head: 'First day', cell: (row) => formatDay(row.first_date) },
          { head: 'Last day', cell: (row) => formatDay(row.last_date) },
        ],
        again,
        'Patients with several courses',
      ),
    )
  }`;
}

function linksTo(courses: CourseView[]): Markup[] {
  return courses.map(({ id, name }, n) => html`${n > 0 && ', '}<a href="report/${id}.html">${name}</a>`);
}

/** `31 M, 12 F, 1 unknown`. */
function sexes(rows: Row[]): string {
  const groups = [...groupBy(rows, ({ sex }) => String(sex || 'unknown'))].sort(([a], [b]) => (a < b ? 1 : -1));
  return groups.map(([sex, same]) => `${formatCount(same.length)} ${sex}`).join(', ');
}

function ages(rows: Row[]): string {
  const known = rows.flatMap(({ age_years: age }) => (typeof age === 'number' ? [age] : [])).sort((a, b) => a - b);
  if (known.length === 0) return '';
  const [low, middle, high] = [0, 0.5, 1].map((part) => Math.floor(quantile(known, part)));
  const counted = known.length < rows.length ? `, known of ${formatCount(known.length)}` : '';
  return `median ${middle} years (${low} to ${high})${counted}`;
}

function spanOf(rows: Row[]): string {
  const days = rows
    .map(({ first_date }) => formatDay(first_date))
    .filter(Boolean)
    .sort();
  return days.length === 0 ? '' : [...new Set([days[0], days[days.length - 1]])].join(' to ');
}
