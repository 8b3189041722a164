import { html, type Markup } from '../html.ts';

const WIDTH = 180;
const HEIGHT = 18;
const MARGIN = 5;

export interface StripDot {
  value: number;
  title: string;
  /** Far from the others. */
  isOutlier: boolean;
}

/** One dot for each value between `low` and `high`, the median as a bar: outliers show at a glance. */
export function strip(dots: StripDot[], low: number, high: number, median: number, name: string): Markup {
  const span = high > low ? high - low : 1;
  const x = (value: number) => (MARGIN + ((WIDTH - 2 * MARGIN) * (value - low)) / span).toFixed(1);
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${name}"><path d="M${MARGIN} ${HEIGHT / 2}H${WIDTH - MARGIN}"/>
${dots.map(({ value, title, isOutlier }) => html`<circle${isOutlier && html` class="out"`} cx="${x(value)}" cy="${HEIGHT / 2}" r="3.2"><title>${title}</title></circle>`)}<path class="median" d="M${x(median)} 2V${HEIGHT - 2}"/></svg>`;
}
