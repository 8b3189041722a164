import { html, type Markup } from '../html.ts';
import { attentionOf } from '../needs-attention.ts';
import { chip } from '../parts.ts';
import { withNames } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** What a person must look at in this course, the gravest first. */
export function courseAttention({ course, details }: CoursePage): Markup {
  const items = attentionOf(course);
  if (items.length === 0) return html`<p class="quiet">Nothing.</p>`;
  return html`<ul class="plain attention">${items.map(
    ({ severity, title, code, notes }) =>
      html`<li>${chip(severity)} <b>${title}</b>${code && html` <code>${code}</code>`}${notes.map(
        (note) => html`<div class="finding">${withNames(note, details.names)}</div>`,
      )}</li>`,
  )}</ul>`;
}
