import { ownKeys } from '../own-keys.ts';
import type { Row } from '../tables/table.ts';
import { formatCell, splitUnit } from './format.ts';
import { type Content, html, type Markup } from './html.ts';

const TONES: Record<string, 'good' | 'warn' | 'bad' | 'mute'> = ownKeys({
  ok: 'good',
  done: 'good',
  pass: 'good',
  robust: 'good',
  acceptable: 'warn',
  partial: 'warn',
  warning: 'warn',
  incomplete: 'warn',
  too_small: 'warn',
  outside_dose: 'warn',
  no_dose: 'warn',
  empty: 'warn',
  medium: 'warn',
  low: 'bad',
  none: 'bad',
  poor: 'bad',
  fail: 'bad',
  failed: 'bad',
  error: 'bad',
});

/** A status as a small coloured word. */
export function chip(status: Content, title = ''): Markup {
  const tone = TONES[String(status).toLowerCase()] ?? 'mute';
  return html`<span class="chip ${tone}"${title !== '' && html` title="${title}"`}>${String(status).replaceAll('_', ' ')}</span>`;
}

/** A column of a table on the page. */
export interface Shown<T = Row> {
  head: string;
  cell(row: T): Content;
  unit?: string;
  /** Numbers stand to the right. */
  numeric?: boolean;
}

/** A column as it stands in the data: `Mean[Gy]` is headed Mean with its unit, and printed with the unit's decimals. */
export function dataColumn(name: string, numeric = true): Shown {
  const { name: head, unit } = splitUnit(name);
  return { head: head.replaceAll('_', ' '), unit, numeric, cell: (row) => formatCell(row[name], unit) };
}

/** A table that sorts by its headers. `name` is what a screen reader calls the part of the page that scrolls. */
export function dataTable<T extends object = Row>(columns: Shown<T>[], rows: T[], name: string): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table class="sortable">
<thead><tr>${columns.map((c) => html`<th scope="col"${c.numeric && html` class="n"`}>${c.head}${c.unit && html` <small>${c.unit}</small>`}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${columns.map((c) => html`<td${c.numeric && html` class="n"`}>${c.cell(row)}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** Label and value pairs; those without a value are left out. */
export function facts(pairs: [string, Content][]): Markup {
  const shown = pairs.filter(([, value]) => value !== '' && value !== '–' && value !== null && value !== undefined);
  return html`<dl>${shown.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function folded(summary: Content, body: Content, open = false): Markup {
  return html`<details${open && html` open`}><summary>${summary}</summary>${body}</details>`;
}
