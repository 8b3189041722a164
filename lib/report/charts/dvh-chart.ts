import type { Row } from '../../tables/table.ts';
import { firstValue } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { ticks } from './axis.ts';
import { type Point, pathOf, simplify } from './polyline.ts';

/** The most lines that can still be told apart; the style sheet has a colour for each. */
export const MOST_CURVES = 14;

const WIDTH = 760;
const HEIGHT = 300;
const LEFT = 44;
const BOTTOM = 36;
const TOP = 16;
const RIGHT = 14;
const TOLERANCE = 0.25;
/** The dose axis ends where the last structure has less than this left. */
const NEARLY_NOTHING_PCT = 0.05;

export interface DvhCurve {
  name: string;
  /** Rows of dvh_curves in ascending order of dose. */
  rows: Row[];
}

export interface DvhLevel {
  label: string;
  doseGy: number;
}

/** Cumulative dose-volume histograms: volume in % over dose in Gy, prescribed levels as dashed lines, a legend to hover. */
export function dvhChart(curves: DvhCurve[], levels: DvhLevel[], idPrefix: string): Markup {
  const shown = curves.slice(0, MOST_CURVES);
  const lines = shown.map(({ rows }) => pointsOf(rows));
  const largest = Math.max(1, ...lines.map(lastDose), ...levels.map((level) => level.doseGy));
  const doses = ticks(largest * 1.03, 8);
  const x = (doseGy: number) => LEFT + ((WIDTH - LEFT - RIGHT) * doseGy) / doses[doses.length - 1];
  const y = (pct: number) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * pct) / 100;
  const paths = lines.map((line) =>
    pathOf(
      simplify(
        line.map(([d, v]): Point => [x(d), y(v)]),
        TOLERANCE,
      ),
    ),
  );
  return html`<figure class="dvh"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Cumulative dose-volume histograms">
${axes(doses, x, y)}${levels.map((level) => levelLine(level, x, y))}
${shown.map(({ name }, index) => curve(name, paths[index], index, `${idPrefix}-${index}`))}
</svg><figcaption>${shown.map(({ name }, index) => html`<span class="k${index}"><i class="b${index}"></i>${name}</span>`)}</figcaption></figure>`;
}

function axes(doses: number[], x: (doseGy: number) => number, y: (pct: number) => number): Markup {
  const [bottom, right] = [y(0), x(doses[doses.length - 1])];
  return html`<g class="grid">${[0, 25, 50, 75, 100].map((pct) => html`<path d="M${LEFT} ${y(pct)}H${right}"/>`)}</g>
<g class="tick">${[0, 25, 50, 75, 100].map((pct) => html`<text x="${LEFT - 6}" y="${y(pct) + 4}" text-anchor="end">${pct}</text>`)}
${doses.map((dose) => html`<text x="${x(dose).toFixed(1)}" y="${bottom + 15}" text-anchor="middle">${dose}</text>`)}
<text x="${right}" y="${HEIGHT - 4}" text-anchor="end">dose in Gy</text>
<text transform="translate(11 ${TOP}) rotate(-90)" text-anchor="end">volume in %</text></g>`;
}

function levelLine({ label, doseGy }: DvhLevel, x: (doseGy: number) => number, y: (pct: number) => number): Markup {
  const at = x(doseGy).toFixed(1);
  return html`<g class="level"><path d="M${at} ${y(0)}V${y(100)}"/><text x="${at}" y="${TOP - 3}" text-anchor="middle">${label}</text></g>`;
}

/** The line is drawn twice: once thick and unseen, so that a pointer finds it. */
function curve(name: string, path: string, index: number, id: string): Markup {
  return html`<g class="c c${index}"><title>${name}</title><path id="${id}" d="${path}"/><use href="#${id}" class="hit"/></g>
`;
}

function pointsOf(rows: Row[]): Point[] {
  const points: Point[] = [];
  for (const row of rows) {
    const dose = firstValue(row, 'dose[Gy]', 'dose_gy');
    const volume = firstValue(row, 'volume[%]', 'volume_pct');
    if (typeof dose === 'number' && typeof volume === 'number') points.push([dose, volume]);
  }
  return points.sort((a, b) => a[0] - b[0]);
}

function lastDose(line: Point[]): number {
  return line.findLast(([, volume]) => volume > NEARLY_NOTHING_PCT)?.[0] ?? 0;
}
