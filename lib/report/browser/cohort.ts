import type { AttentionGroup, CoursesData } from '../cohort/courses-data.ts';
import { CourseTable } from './course-table.ts';
import { button, element, pageData } from './elements.ts';

/** What needs attention and the table of the courses, where the page has data for them. */
export function startCohort(): void {
  const data = pageData<CoursesData>('courses-data');
  const [attention, courses] = ['attention-list', 'course-table'].map((id) => document.getElementById(id));
  if (!data || !attention || !courses) return;
  const table = new CourseTable(data, courses);
  table.draw();
  for (const group of data.attention) attention.append(attentionElement(group, data, table));
}

/** The list of its courses is made when somebody opens it: thousands may be in it. */
function attentionElement(group: AttentionGroup, data: CoursesData, table: CourseTable): HTMLElement {
  const { severity, title, code, remedy, entries } = group;
  const cases = entries.reduce((sum, [, count]) => sum + count, 0);
  const tone = { error: 'bad', warning: 'warn' }[severity] ?? '';
  const counts = `${plural(entries.length, 'course')}${cases > entries.length ? `, ${plural(cases, 'case')}` : ''}`;
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { class: `chip ${tone}` }, severity),
      ` ${title} `,
      element('code', {}, code),
      ' ',
      element('span', { class: 'quiet' }, counts),
    ),
  );
  details.addEventListener(
    'toggle',
    () => {
      const list = element('ul', { class: 'entries' });
      for (const [course, count, notes] of entries) list.append(entryElement(data, course, count, notes));
      details.append(
        element('p', { class: 'quiet' }, remedy),
        button('Show these courses in the table', () =>
          table.showOnly(title, new Set(entries.map(([course]) => course))),
        ),
        list,
      );
    },
    { once: true },
  );
  return details;
}

function entryElement(data: CoursesData, course: number, count: number, notes: string[] = []): HTMLElement {
  const { id, patient, name } = data.courses[course];
  const link = element('a', { href: `report/${id}.html#attention` }, `${patient} ${name}`);
  const rest = notes.length === 0 && count > 1 ? ` (${count})` : '';
  return element('li', {}, link, rest, ...notes.map((note) => element('div', { class: 'quiet' }, note)));
}

function plural(count: number, word: string): string {
  return `${count.toLocaleString('en').replaceAll(',', '\u2009')} ${word}${count === 1 ? '' : 's'}`;
}
