import { timeline } from '../charts/timeline.ts';
import type { CourseView } from '../courses.ts';
import { formatCell, formatDay, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { folded } from '../parts.ts';

/** Delivered fractions on a line of days, one colour for each plan. */
export function fractionsOf(course: CourseView): Markup | undefined {
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
  return folded(
    html`Fractions <span class="quiet">${plural(rows.length, 'fraction')} of ${plural(plans.length, 'plan')}${
      days.length > 0 && `, ${days[0]} to ${days[days.length - 1]}`
    }</span>`,
    marks.length > 0 ? timeline(marks) : html`<p class="quiet">No fraction has a date.</p>`,
  );
}
