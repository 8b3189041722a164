import { groupBy } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { chip } from '../parts.ts';
import { withNames } from '../roi-names.ts';
import { placeOf } from './place.ts';
import type { CoursePage } from './subject.ts';

/** The verdict of every check, with its findings. */
export function qualityControl({ course, details }: CoursePage): Markup | undefined {
  const rows = course.rows('qc');
  if (rows.length === 0) return undefined;
  const overall = rows.find((row) => row.check === 'overall');
  const checks = groupBy(
    rows.filter((row) => row.check !== 'overall'),
    (row) => String(row.check),
  );
  return html`<p>Verdict: ${overall ? chip(overall.status) : '–'}</p><ul class="plain">${[...checks].map(
    ([check, found]) =>
      html`<li>${chip(found[0].status)} <b>${check.replaceAll('_', ' ')}</b>${found
        .filter((row) => row.message)
        .map(
          (row) =>
            html`<div class="finding">${row.roi_name && html`<b>${row.roi_name}</b>: `}${withNames(String(row.message), details.names)}${placeOf(row)} <code>${row.code}</code></div>`,
        )}</li>`,
  )}</ul>`;
}
