import type { CourseView } from '../courses.ts';
import { formatCell, formatDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip } from '../parts.ts';

/** One row for each course: whose, when, with what dose, and how every stage ended. */
export function overview(courses: CourseView[]): Markup {
  if (courses.length === 0) return html`<section><h2>Courses</h2><p class="quiet">No course was found.</p></section>`;
  const stages = [...new Set(courses.flatMap((course) => course.rows('status').map((row) => String(row.stage))))];
  return html`<section><h2>Courses</h2><div class="scroll tall"><table class="overview">
<thead><tr><th>Patient</th><th>Course</th><th>Start</th><th class="n">Prescribed <small>Gy</small></th><th class="n">Fractions</th><th>Dose</th><th class="n">Structures</th><th>QC</th>${stages.map(
    (stage) => html`<th class="stage"><span>${stage.replaceAll('_', ' ')}</span></th>`,
  )}</tr></thead>
<tbody>${courses.map((course) => courseRow(course, stages))}</tbody></table></div></section>`;
}

function courseRow(course: CourseView, stages: string[]): Markup {
  const { metadata } = course;
  const statuses = new Map(course.rows('status').map((row) => [String(row.stage), row]));
  const rois = course.rows('structures');
  const verdict = course.rows('qc').find((row) => row.check === 'overall')?.status;
  return html`<tr><td>${course.patientId}</td><td><a href="#${course.anchor}">${course.name}</a></td><td>${formatDay(metadata.course_start_date)}</td>
<td class="n">${formatCell(metadata.total_prescription_gy, 'Gy')}</td><td class="n">${fractions(course)}</td><td>${String(metadata.dose_rule ?? '–').replaceAll('_', ' ')}</td>
<td class="n">${rois.length > 0 ? `${rois.filter((row) => row.status === 'ok').length}/${rois.length}` : '–'}</td><td>${verdict ? chip(verdict) : '–'}</td>${stages.map(
    (stage) => {
      const row = statuses.get(stage);
      const title = [stage, row?.status, row?.reason].filter(Boolean).join(': ');
      return html`<td class="stage"><i class="dot ${row?.status}" title="${title}"></i></td>`;
    },
  )}</tr>
`;
}

function fractions({ metadata }: CourseView): string {
  const { fractions_count: given, planned_fractions: planned } = metadata;
  if (planned === null || planned === undefined) return formatCell(given);
  return `${formatCell(given ?? 0)}/${planned}`;
}
