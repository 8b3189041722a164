import type { CourseView } from '../courses.ts';
import { groupBy } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import { chip, folded } from '../parts.ts';

/** The verdict of every check, with its findings. */
export function qualityControl(course: CourseView): Markup | undefined {
  const rows = course.rows('qc');
  if (rows.length === 0) return undefined;
  const overall = rows.find((row) => row.check === 'overall');
  const checks = groupBy(
    rows.filter((row) => row.check !== 'overall'),
    (row) => String(row.check),
  );
  return folded(
    html`Quality control ${overall && chip(overall.status)}`,
    html`<ul class="plain">${[...checks].map(
      ([check, found]) =>
        html`<li>${chip(found[0].status)} <b>${check.replaceAll('_', ' ')}</b>${found
          .filter((row) => row.message)
          .map(
            (row) =>
              html`<div class="finding">${row.roi_name && html`<b>${row.roi_name}</b>: `}${row.message} <code>${row.code}</code> <span class="quiet">${row.where}</span></div>`,
          )}</li>`,
    )}</ul>`,
    overall?.status === 'FAIL',
  );
}
