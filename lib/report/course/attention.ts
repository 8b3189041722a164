import { plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { attentionOf } from '../needs-attention.ts';
import { chip, folded } from '../parts.ts';
import { withNames } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Longer lists are folded: the kinds of a course are to be seen at once. */
const MOST_UNFOLDED = 4;

/** What a person must look at in this course, the gravest first. */
export function courseAttention({ course, details }: CoursePage): Markup {
  const items = attentionOf(course);
  if (items.length === 0) return html`<p class="quiet">Nothing.</p>`;
  return html`<ul class="plain attention">${items.map(({ severity, title, code, notes }) => {
    const head = html`${chip(severity)} <b>${title}</b>${code && html` <code>${code}</code>`}`;
    const body = notes.map((note) => html`<div class="finding">${withNames(note, details.names)}</div>`);
    if (notes.length <= MOST_UNFOLDED) return html`<li>${head}${body}</li>`;
    return html`<li>${folded(html`${head} <span class="quiet">${plural(notes.length, 'case')}</span>`, body)}</li>`;
  })}</ul>`;
}
