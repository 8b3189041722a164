import type { ListedCourse } from '#lib/viewer/scene.ts';
import { element } from './dom.ts';
import { fetchCourses } from './fetching.ts';

/** A page, and what to do once it is in the document. */
export interface Page {
  page: HTMLElement;
  begin?(): Promise<void>;
}

const HEADS = ['Patient', 'Course', 'Plan', 'State', 'Images', 'Structures', 'Doses'];

/** Every course of the run; a word in the field leaves those that contain it. */
export async function showCourses(): Promise<Page> {
  const courses = await fetchCourses();
  document.title = 'Courses - rtpipeline viewer';
  const body = element('tbody');
  const count = element('p', { role: 'status', class: 'quiet' });
  const fill = (word: string) => {
    const found = courses.filter((course) => textOf(course).includes(word.toLowerCase()));
    body.replaceChildren(...found.map(rowOf));
    count.textContent = `${found.length} of ${courses.length} courses`;
  };
  const field = element('input', {
    type: 'search',
    oninput: (event) => fill((event.target as HTMLInputElement).value),
  });
  fill('');
  const table = element(
    'table',
    { class: 'courses' },
    element('thead', {}, element('tr', {}, ...HEADS.map((head) => element('th', { scope: 'col' }, head)))),
    body,
  );
  return {
    page: element(
      'div',
      { class: 'list' },
      element('h1', {}, 'Courses'),
      element('label', { class: 'choice' }, element('span', {}, 'Find'), field),
      count,
      table,
    ),
  };
}

function textOf({ patient, name, plan, state, images }: ListedCourse): string {
  return [patient, name, plan, state, ...images].join(' ').toLowerCase();
}

function rowOf({ courseId, patient, name, plan, state, images, structures, doses }: ListedCourse): HTMLElement {
  const link = element('a', { href: `#course/${courseId}` }, patient || 'unknown');
  const cells = [name, plan, state, [...new Set(images)].join(', '), structures, doses];
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, link),
    ...cells.map((cell, n) => element('td', { class: n === 2 ? `state ${state}` : undefined }, cell)),
  );
}
