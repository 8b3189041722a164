import { doseRuleText } from '../dose-rule.ts';
import { formatCell } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { chip, dataTable } from '../parts.ts';
import { nameOf, withNames } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Which doses make up the dose of the course, by which rule, on what evidence; every dose with its reason. */
export function doseDecision({ course, details }: CoursePage): Markup | undefined {
  const { doseDecision: decision, names } = details;
  const doses = course.rows('doses');
  const rule = decision?.rule ?? doses[0]?.rule ?? course.metadata.dose_rule;
  if (!rule) return undefined;
  const confidence = decision?.confidence ?? doses[0]?.confidence ?? course.metadata.dose_confidence;
  return html`<p><b>${doseRuleText(rule)}</b> ${confidence && html`<span class="quiet">confidence</span> ${chip(confidence)}`}</p>
${decision && decision.evidence.length > 0 && html`<ul>${decision.evidence.map((line) => html`<li>${withNames(line, names)}</li>`)}</ul>`}
${decision && decision.warnings.length > 0 && html`<ul class="warnings">${decision.warnings.map((line) => html`<li>${withNames(line, names)}</li>`)}</ul>`}
${
  doses.length > 0 &&
  dataTable(
    [
      { head: 'Dose', cell: (row) => nameOf(row.dose_uid, names) },
      { head: 'Used', cell: (row) => (row.selected ? 'yes' : 'no') },
      { head: 'Sums up', cell: (row) => row.dose_summation_type },
      { head: 'Role', cell: (row) => String(row.role ?? '').replaceAll('_', ' ') },
      { head: 'Weight', numeric: true, cell: (row) => formatCell(row.weight) },
      { head: 'Why', cell: (row) => withNames(String(row.reason ?? ''), names) },
    ],
    doses,
    'Doses',
  )
}`;
}
