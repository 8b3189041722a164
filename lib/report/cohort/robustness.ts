import type { Row } from '../../tables/table.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCell, formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip } from '../parts.ts';

const LABELS = ['robust', 'acceptable', 'poor', 'not_evaluable'];
const MOST_STRUCTURES = 40;

/** How many features of each structure stay the same under perturbation. */
export function robustness(input: ReportInput): Markup | undefined {
  const rows = rowsOf(input, 'robustness_summary').filter((row) => row.robustness_label);
  if (rows.length === 0) return undefined;
  const groups = [...groupBy(rows, structureOf)].slice(0, MOST_STRUCTURES);
  return html`<p class="quiet">Features by their agreement under perturbation (intraclass correlation and coefficient of variation).</p>
<div class="scroll" tabindex="0" role="region" aria-label="Robustness of radiomics"><table class="sortable"><thead><tr><th scope="col">Structure</th><th scope="col">Share</th>${LABELS.map((label) => html`<th scope="col" class="n">${chip(label)}</th>`)}<th scope="col" class="n">ICC <small>median</small></th></tr></thead>
<tbody>${groups.map(([name, group]) => structureRow(name, group))}</tbody></table></div>`;
}

function structureOf(row: Row): string {
  return [row.standard_name ?? row.roi_name, row.source].filter(Boolean).join(', ');
}

function structureRow(name: string, group: Row[]): Markup {
  const counts = LABELS.map((label) => group.filter((row) => row.robustness_label === label).length);
  return html`<tr><td>${name}</td><td><span class="bar">${counts.map(
    (count, index) =>
      count > 0 && html`<i class="${LABELS[index]}" style="flex:${count}" title="${LABELS[index]}: ${count}"></i>`,
  )}</span></td>${counts.map((count) => html`<td class="n">${formatCount(count)}</td>`)}<td class="n">${formatCell(median(group.map((row) => row.icc)))}</td></tr>
`;
}

function median(values: Row[string][]): number {
  const sorted = values
    .filter((value) => typeof value === 'number' && Number.isFinite(value))
    .sort((a, b) => Number(a) - Number(b));
  return Number(sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN);
}
