import { html, type Markup } from '../html.ts';

const WIDTH = 760;
const HEIGHT = 34;
const DAY_MS = 86_400_000;

export interface TimelineMark {
  /** YYYY-MM-DD */
  day: string;
  title: string;
  /** Marks of one series bear one colour. */
  series: number;
}

/** Days as marks on a line from the first to the last. */
export function timeline(marks: TimelineMark[]): Markup {
  const days = marks.map(({ day }) => Date.parse(day) / DAY_MS);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const x = (day: number) => (8 + ((WIDTH - 16) * (day - first)) / Math.max(last - first, 1)).toFixed(1);
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Delivered fractions over time"><path class="base" d="M8 17H${WIDTH - 8}"/>
${marks.map(({ title, series }, index) => html`<g class="c c${series % 14}"><title>${title}</title><path d="M${x(days[index])} 8V26"/></g>`)}</svg>`;
}
