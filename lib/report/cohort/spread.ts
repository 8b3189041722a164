import { strip } from '../charts/strip.ts';
import type { CourseView } from '../courses.ts';
import { formatCell, splitUnit } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { areOutlying } from './outliers.ts';
import { quantile } from './quantiles.ts';
import { FEWEST_COURSES, type SharedStructure, sharedStructures } from './shared-structures.ts';

const MOST_STRUCTURES = 30;
const MOST_DOTS = 60;
const MOST_NAMED = 3;

/** Columns of `dvh_metrics` whose spread is shown. */
export const SPREAD_METRICS = ['Volume[cc]', 'Mean[Gy]', 'D2%[Gy]', 'D95%[Gy]'];

/** A column of a table of spreads. */
export interface SpreadColumn {
  column: string;
  head: string;
  unit: string;
}

export function spreadColumn(column: string): SpreadColumn {
  const { name: head, unit } = splitUnit(column);
  return { column, head, unit };
}

/** How metrics spread over the cohort: a row for each structure that several courses share, a strip of dots for each metric. */
export function spreadTable(
  courses: CourseView[],
  table: string,
  columns: SpreadColumn[],
  name: string,
): Markup | undefined {
  const shared = sharedStructures(courses, table, (row) =>
    columns.some(({ column }) => typeof row[column] === 'number'),
  );
  if (shared.length === 0) return undefined;
  const shown = shared.slice(0, MOST_STRUCTURES);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table class="sortable"><thead><tr><th scope="col">Structure</th><th scope="col">Source</th><th scope="col" class="n">Courses</th>${columns.map(
    ({ head, unit }) => html`<th scope="col">${head} <small>${unit && `${unit}, `}median and range</small></th>`,
  )}</tr></thead>
<tbody>${shown.map(
    (structure) =>
      html`<tr><td>${structure.name}</td><td>${structure.source}</td><td class="n">${structure.rows.length}</td>${columns.map((column) => spreadCell(structure, column))}</tr>
`,
  )}</tbody></table></div><p class="quiet">A dot for each course, the bar at the median, in red what lies far from the others. Structures that at least ${FEWEST_COURSES} courses share${
    shared.length > shown.length && `; ${shared.length - shown.length} rarer ones are in the tables`
  }.</p>`;
}

function spreadCell({ rows, name }: SharedStructure, { column, head, unit }: SpreadColumn): Markup {
  const values = rows
    .filter(({ row }) => typeof row[column] === 'number' && Number.isFinite(row[column]))
    .map(({ course, row }) => ({
      value: row[column] as number,
      patientId: course.patientId,
      title: `${course.patientId}: ${formatCell(row[column], unit)} ${unit}`,
    }))
    .sort((a, b) => a.value - b.value);
  const outlying = areOutlying(
    values.map(({ value }) => value),
    column,
  );
  const dots = values.map((dot, n) => ({ ...dot, isOutlier: outlying[n] }));
  if (dots.length === 0) return html`<td>–</td>`;
  const [low, high] = [dots[0].value, dots[dots.length - 1].value];
  const median = quantile(
    dots.map(({ value }) => value),
    0.5,
  );
  const text = `${formatCell(median, unit)} (${formatCell(low, unit)} to ${formatCell(high, unit)})`;
  const counted = dots.length < rows.length && `, n = ${dots.length}`;
  return html`<td data-value="${median}">${strip(thinned(dots), low, high, median, `${head} of ${name}`)}<small class="range">${text}${counted}</small>${farOff(dots)}</td>`;
}

/** The patients of the outliers, the first of many. */
function farOff(dots: { patientId: string; isOutlier: boolean }[]): Markup | undefined {
  const patients = [...new Set(dots.filter(({ isOutlier }) => isOutlier).map(({ patientId }) => patientId))];
  if (patients.length === 0) return undefined;
  const others = patients.length - MOST_NAMED;
  return html`<br><small class="range"><b>far off</b> ${patients.slice(0, MOST_NAMED).join(', ')}${others > 0 && ` and ${others} more`}</small>`;
}

/** Evenly chosen of the sorted values, the extremes always among them. */
function thinned<T>(sorted: T[]): T[] {
  if (sorted.length <= MOST_DOTS) return sorted;
  return Array.from({ length: MOST_DOTS }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (MOST_DOTS - 1))]);
}
