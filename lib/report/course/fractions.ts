import { timeline } from '../charts/timeline.ts';
import { formatCell, formatDay, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { nameOf } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Delivered fractions on a line of days, one colour for each plan. */
export function fractionsOf({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('fractions');
  const dated = rows.filter((row) => !Number.isNaN(Date.parse(formatDay(row.treatment_date))));
  if (rows.length === 0) return undefined;
  const plans = [...new Set(rows.map((row) => String(row.plan_sop_uid)))];
  const days = dated.map((row) => formatDay(row.treatment_date)).sort();
  const marks = dated.map((row) => ({
    day: formatDay(row.treatment_date),
    title: `${formatDay(row.treatment_date)}, fraction ${formatCell(row.fraction_number)}, ${formatCell(row.delivered_meterset, 'MU')} MU`,
    series: plans.indexOf(String(row.plan_sop_uid)),
  }));
  const names = plans.map((uid) => nameOf(uid, details.names)).join(', ');
  const span = days.length > 0 && `, ${days[0]} to ${days[days.length - 1]}`;
  return html`<p>${plural(rows.length, 'fraction')} of ${names}${span}.</p>${
    marks.length > 0 ? timeline(marks) : html`<p class="quiet">No fraction has a date.</p>`
  }`;
}
