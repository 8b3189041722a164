import type { Row } from '../../tables/table.ts';
import { calendar } from '../charts/calendar.ts';
import { formatCell, formatDay, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { nameOf } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Delivered fractions day by day, one colour for each plan; what is planned where no record tells of a delivery. */
export function fractionsOf({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('fractions');
  const planned = course.metadata.planned_fractions;
  if (rows.length === 0) return typeof planned === 'number' && planned > 0 ? plannedAlone(planned) : undefined;
  const dated = rows.filter((row) => !Number.isNaN(Date.parse(formatDay(row.treatment_date))));
  const plans = [...new Set(rows.map((row) => String(row.plan_sop_uid)))];
  const days = dated.map((row) => formatDay(row.treatment_date)).sort();
  const names = plans.map((uid) => nameOf(uid, details.names));
  const marks = dated.map((row) => ({
    day: formatDay(row.treatment_date),
    text: typeof row.fraction_number === 'number' ? String(row.fraction_number) : '•',
    title: titleOf(row, nameOf(row.plan_sop_uid, details.names)),
    series: plans.indexOf(String(row.plan_sop_uid)),
  }));
  const span = days.length > 0 && `, ${days[0]} to ${days[days.length - 1]}`;
  const of = typeof planned === 'number' && planned > 0 && ` of ${planned} planned`;
  return html`<p>${plural(rows.length, 'fraction')}${of}${span}: ${names.map(
    (name, n) => html`${n > 0 && ', '}<span class="day d${n % 14}">${name}</span>`,
  )}.</p>${
    marks.length > 0
      ? calendar(marks, 'Delivered fractions by day')
      : html`<p class="quiet">No fraction has a date.</p>`
  }`;
}

function plannedAlone(planned: number): Markup {
  return html`<p>${plural(planned, 'fraction')} planned. No treatment record is in the upload, so nothing says when, and whether, they were given.</p>`;
}

function titleOf(row: Row, plan: string): string {
  const number =
    typeof row.fraction_number === 'number' ? `fraction ${row.fraction_number}` : 'fraction without a number';
  const meterset = typeof row.delivered_meterset === 'number' ? `, ${formatCell(row.delivered_meterset, 'MU')} MU` : '';
  return `${formatDay(row.treatment_date)}, ${number} of ${plan}${meterset}`;
}
