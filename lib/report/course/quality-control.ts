import type { Row } from '../../tables/table.ts';
import { groupBy } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { chip } from '../parts.ts';
import { withNames } from '../roi-names.ts';
import { placeOf } from './place.ts';
import type { CoursePage } from './subject.ts';

const ORDER = ['FAIL', 'WARNING', 'PASS', 'SKIP'];

/** The verdict of every check: those that found something first, each with its findings. */
export function qualityControl({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('qc');
  if (rows.length === 0) return undefined;
  const overall = rows.find((row) => row.check === 'overall');
  const checks = groupBy(
    rows.filter((row) => row.check !== 'overall'),
    (row) => String(row.check),
  );
  const ranked = [...checks].toSorted(([, a], [, b]) => rank(a) - rank(b));
  return html`<p>Verdict: ${overall ? chip(overall.status) : '–'}</p><ul class="plain checks">${ranked.map(
    ([check, found]) =>
      html`<li>${chip(found[0].status)} <b>${titleOf(check)}</b>${found
        .filter((row) => row.message)
        .map(
          (row) =>
            html`<div class="finding">${row.roi_name && html`<b>${row.roi_name}</b>: `}${withNames(String(row.message), details.names)}${placeOf(row)} <code>${row.code}</code></div>`,
        )}</li>`,
  )}</ul>`;
}

function rank([{ status }]: Row[]): number {
  return ORDER.indexOf(String(status));
}

function titleOf(check: string): string {
  return check.replaceAll('_', ' ').replace(/^hu /, 'HU ');
}
