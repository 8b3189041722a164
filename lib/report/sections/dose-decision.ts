import type { CourseView } from '../courses.ts';
import { formatCell } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { chip, dataTable } from '../parts.ts';

/** Which doses make up the dose of the course, by which rule, on what evidence; every dose with its reason. */
export function doseDecision(course: CourseView, input: ReportInput): Markup | undefined {
  const decision = input.doseDecisions?.[course.id];
  const doses = course.rows('doses');
  const rule = decision?.rule ?? doses[0]?.rule ?? course.metadata.dose_rule;
  if (!rule) return undefined;
  const confidence = decision?.confidence ?? doses[0]?.confidence ?? course.metadata.dose_confidence;
  return html`<h3>Dose</h3><p><b>${String(rule).replaceAll('_', ' ')}</b> ${confidence && html`<span class="quiet">confidence</span> ${chip(confidence)}`}</p>
${decision && decision.evidence.length > 0 && html`<ul>${decision.evidence.map((line) => html`<li>${line}</li>`)}</ul>`}
${decision && decision.warnings.length > 0 && html`<ul class="warnings">${decision.warnings.map((line) => html`<li>${line}</li>`)}</ul>`}
${
  doses.length > 0 &&
  dataTable(
    [
      { head: 'Used', cell: (row) => (row.selected ? '●' : '○') },
      { head: 'Sums up', cell: (row) => row.dose_summation_type },
      { head: 'Role', cell: (row) => String(row.role ?? '').replaceAll('_', ' ') },
      { head: 'Weight', numeric: true, cell: (row) => formatCell(row.weight) },
      { head: 'Why', cell: (row) => row.reason },
    ],
    doses,
  )
}`;
}
