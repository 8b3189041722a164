import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A fraction on its day. */
export interface CalendarMark {
  /** YYYY-MM-DD */
  day: string;
  /** Text inside the day: `12`. */
  text: string;
  title: string;
  /** Marks of one series share a colour. */
  series: number;
}

/** Weeks from Monday to Sunday that have marks; those between without any are one line. @param marks one at least */
export function calendar(marks: CalendarMark[], name: string): Markup {
  const byWeek = Map.groupBy(marks, ({ day }) => weekOf(dayNumber(day)));
  const weeks = [...byWeek.keys()].sort((a, b) => a - b);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table class="calendar"><caption class="quiet">${name}</caption><thead><tr><th scope="col">Week of</th>${WEEKDAYS.map(
    (weekday) => html`<th scope="col">${weekday}</th>`,
  )}</tr></thead><tbody>${weeks.map((week, n) => [gap(n === 0 ? 0 : week - weeks[n - 1] - 1), weekRow(week, byWeek.get(week) ?? [])])}</tbody></table></div>`;
}

function gap(weeks: number): Markup | undefined {
  if (weeks < 1) return undefined;
  return html`<tr><td colspan="8" class="quiet">${plural(weeks, 'week')} without a fraction</td></tr>`;
}

function weekRow(week: number, marks: CalendarMark[]): Markup {
  const days = Array.from({ length: WEEK_DAYS }, (_, n) => week * WEEK_DAYS + n - MONDAY);
  const date = new Date(days[0] * DAY_MS);
  const head = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return html`<tr><th scope="row">${head}</th>${days.map((day) => {
    const here = marks.filter((mark) => dayNumber(mark.day) === day);
    return html`<td><small>${new Date(day * DAY_MS).getUTCDate()}</small>${here.map(
      ({ text, title, series }) => html` <span class="day d${series % 14}" title="${title}">${text}</span>`,
    )}</td>`;
  })}</tr>`;
}

/** 1970-01-01, day 0, was a Thursday: three days after a Monday. */
const MONDAY = 3;

function weekOf(day: number): number {
  return Math.floor((day + MONDAY) / WEEK_DAYS);
}

function dayNumber(day: string): number {
  return Math.floor(Date.parse(day) / DAY_MS);
}
