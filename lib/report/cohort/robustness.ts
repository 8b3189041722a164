import type { Row } from '../../tables/table.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCell, formatCount, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip } from '../parts.ts';

const LABELS = ['robust', 'acceptable', 'poor', 'not_evaluable'];
const MOST_STRUCTURES = 40;
/** Of all perturbations together. */
const OVERALL = 'all';

/** How many features of each structure stay the same under perturbation, and which families of features under which. */
export function robustness(input: ReportInput): Markup | undefined {
  const labelled = rowsOf(input, 'robustness_summary').filter((row) => row.robustness_label);
  const rows = labelled.filter((row) => (row.perturbation ?? OVERALL) === OVERALL);
  if (rows.length === 0) return undefined;
  const all = [...groupBy(rows, structureOf)].toSorted(([, a], [, b]) => judgedOf(b) - judgedOf(a));
  const groups = all.slice(0, MOST_STRUCTURES);
  return html`<p class="quiet">Features by their agreement under perturbation (intraclass correlation and coefficient of variation).</p>
<div class="scroll" tabindex="0" role="region" aria-label="Robustness of radiomics"><table class="sortable"><thead><tr><th scope="col">Structure</th><th scope="col">Share</th>${LABELS.map((label) => html`<th scope="col" class="n">${chip(label)}</th>`)}<th scope="col" class="n">ICC <small>median</small></th></tr></thead>
<tbody>${groups.map(([name, group]) => structureRow(name, group))}</tbody></table></div>
${rows.some(isOpen) && html`<p class="quiet">Not evaluable: only one course has the structure, too few perturbations succeeded, or the feature never varies. <code>icc_flag</code> in the table <code>robustness_summary</code> says which.</p>`}
${all.length > groups.length && html`<p class="quiet">${plural(all.length - groups.length, 'more structure')} in the table <code>robustness_summary</code>.</p>`}${familyTable(labelled)}`;
}

/** How many features have a verdict. */
function judgedOf(group: Row[]): number {
  return group.filter((row) => !isOpen(row)).length;
}

function isOpen(row: Row): boolean {
  return row.robustness_label === 'not_evaluable';
}

/** The share of robust and acceptable features of a family under each kind of perturbation, over all structures. */
function familyTable(rows: Row[]): Markup | undefined {
  const judged = rows.filter((row) => !isOpen(row));
  const kinds = [...groupBy(judged, (row) => String(row.perturbation ?? OVERALL)).keys()];
  if (judged.length === 0 || kinds.length < 2) return undefined;
  return html`<p class="quiet">Features that are robust or acceptable, by family and by what varies.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Families of features"><table class="sortable"><thead><tr><th scope="col">Family</th>${kinds.map((kind) => html`<th scope="col" class="n">${kind}</th>`)}</tr></thead>
<tbody>${[...groupBy(judged, familyOf)].map(
    ([family, group]) => html`<tr><td>${family}</td>${kinds.map((kind) => {
      const of = group.filter((row) => (row.perturbation ?? OVERALL) === kind);
      const passed = of.filter((row) => row.robustness_label !== 'poor').length;
      return html`<td class="n">${of.length > 0 ? `${Math.round((100 * passed) / of.length)} %` : ''}</td>`;
    })}</tr>
`,
  )}</tbody></table></div>`;
}

/** wavelet-LLH_glcm_Contrast is of the family glcm. */
function familyOf(row: Row): string {
  return String(row.feature_name).split('_').at(-2) ?? '';
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
