import { showCourses } from './course-list.ts';
import { showCourse } from './course-page.ts';
import { element } from './dom.ts';
import { forgetVoxels } from './planes.ts';

/** `#course/<id>`: the list of courses, or one of them. */
const COURSE = /^#course\/([0-9a-f]{16})$/;

let shown = 0;

async function showAddress(): Promise<void> {
  const page = document.getElementById('page') as HTMLElement;
  const turn = ++shown;
  forgetVoxels();
  page.replaceChildren(element('p', { class: 'wait', role: 'status' }, 'Loading'));
  const courseId = COURSE.exec(location.hash)?.[1];
  try {
    const content = courseId ? await showCourse(courseId) : await showCourses();
    if (turn !== shown) return;
    page.replaceChildren(content.page);
    await content.begin?.();
  } catch (error) {
    if (turn !== shown) return;
    const back = element('a', { href: '#' }, 'All courses');
    page.replaceChildren(
      element('div', { class: 'failure', role: 'alert' }, element('p', {}, String((error as Error).message)), back),
    );
  }
}

// The token has done its part: the cookie is set, and the address may be shown around.
history.replaceState(null, '', `/${location.hash}`);
addEventListener('hashchange', showAddress);
await showAddress();
