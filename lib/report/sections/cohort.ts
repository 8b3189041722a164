import type { Row } from '../../tables/table.ts';
import { strip } from '../charts/strip.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCell, splitUnit } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';

const FEWEST_COURSES = 3;
const MOST_STRUCTURES = 20;
const MOST_DOTS = 200;
const METRICS = ['Volume[cc]', 'Mean[Gy]', 'D0.03cc[Gy]', 'D95%[Gy]'];

/** How a metric spreads over the cohort, for every structure that several courses share; drawn and found ones apart. */
export function cohort(input: ReportInput): Markup | undefined {
  const rows = rowsOf(input, 'dvh_metrics').filter((row) => Number(row['Volume[cc]']) > 0);
  const metrics = METRICS.filter((name) => rows.some((row) => typeof row[name] === 'number')).slice(0, 3);
  const shared = [...groupBy(rows, (row) => `${nameOf(row)}\n${sourceOf(row)}`)]
    .map(([key, group]) => ({ key, group, courses: new Set(group.map((row) => row.course_id)).size }))
    .filter(({ courses }) => courses >= FEWEST_COURSES)
    .sort((a, b) => b.courses - a.courses || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_STRUCTURES);
  if (shared.length === 0 || metrics.length === 0) return undefined;
  return html`<section><h2>Across the cohort</h2><p class="quiet">A dot for each structure, the bar at the median. Structures that at least ${FEWEST_COURSES} courses share.</p>
<div class="scroll"><table><thead><tr><th>Structure</th><th>Source</th><th class="n">Courses</th>${metrics.map(
    (name) => {
      const { name: head, unit } = splitUnit(name);
      return html`<th>${head} <small>${unit}, median and range</small></th>`;
    },
  )}</tr></thead>
<tbody>${shared.map(
    ({
      group,
      courses,
    }) => html`<tr><td>${nameOf(group[0])}</td><td>${sourceOf(group[0])}</td><td class="n">${courses}</td>${metrics.map((metric) => spread(group, metric))}</tr>
`,
  )}</tbody></table></div></section>`;
}

function nameOf(row: Row): string {
  return String(row.standard_name ?? row.roi_name ?? '');
}

function sourceOf(row: Row): string {
  return String(row.source ?? '');
}

function spread(group: Row[], metric: string): Markup {
  const { unit } = splitUnit(metric);
  const dots = group
    .filter((row) => typeof row[metric] === 'number' && Number.isFinite(row[metric]))
    .map((row) => ({
      value: row[metric] as number,
      title: `${row.patient_id ?? ''} ${row.roi_name ?? ''}: ${formatCell(row[metric], unit)} ${unit}`,
    }))
    .sort((a, b) => a.value - b.value);
  if (dots.length === 0) return html`<td>–</td>`;
  const [low, high] = [dots[0].value, dots[dots.length - 1].value];
  const half = (dots.length - 1) / 2;
  const median = (dots[Math.floor(half)].value + dots[Math.ceil(half)].value) / 2;
  const text = `${formatCell(median, unit)} (${formatCell(low, unit)} to ${formatCell(high, unit)})`;
  return html`<td>${strip(thinned(dots), low, high, median)}<small class="range">${text}</small></td>`;
}

/** Evenly chosen of the sorted values, the extremes always among them. */
function thinned<T>(sorted: T[]): T[] {
  if (sorted.length <= MOST_DOTS) return sorted;
  return Array.from({ length: MOST_DOTS }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (MOST_DOTS - 1))]);
}
