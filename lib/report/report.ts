import { type CourseView, coursesOf } from './courses.ts';
import { plural } from './format.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import { attention } from './sections/attention.ts';
import { cohort } from './sections/cohort.ts';
import { courseSection } from './sections/course.ts';
import { overview } from './sections/overview.ts';
import { provenance } from './sections/provenance.ts';
import { robustness } from './sections/robustness.ts';
import { summary } from './sections/summary.ts';
import { STYLE } from './style.ts';

/** Beyond this many courses the page would grow silly: the others stand in the overview and the tables only. */
const MOST_DETAILED_COURSES = 200;
/** So few are shown unfolded. */
const FEW_COURSES = 2;

/**
 * One HTML page that needs nothing else: no script, no font, no image from elsewhere. What needs attention comes first,
 * then all courses in one table, the cohort, each course in detail, and where the numbers come from.
 */
export function renderReport(input: ReportInput): string {
  const courses = coursesOf(input);
  const detailed = detailedCourses(courses);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${input.title}</title><style>${STYLE}</style></head>
<body><header><h1>${input.title}</h1>${navigation(input, courses)}</header><main>
${summary(input, courses)}
<div id="attention">${attention(input, courses)}</div>
<div id="courses">${overview(courses)}</div>
<div id="cohort">${cohort(input)}</div>
<section id="details"><h2>Course by course</h2>${leftOut(courses.length - detailed.length)}
${detailed.map((course) => courseSection(course, input, courses.length <= FEW_COURSES))}</section>
<div id="robustness">${robustness(input)}</div>
<div id="provenance">${provenance(input)}</div>
</main></body></html>
`;
  return page.text;
}

/** Courses with a failure are never left out for courses without. */
function detailedCourses(courses: CourseView[]): CourseView[] {
  if (courses.length <= MOST_DETAILED_COURSES) return courses;
  const urgency = (course: CourseView) => ['failed', 'incomplete', 'done'].indexOf(course.state);
  const chosen = new Set(courses.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, MOST_DETAILED_COURSES));
  return courses.filter((course) => chosen.has(course));
}

function leftOut(count: number): Markup | undefined {
  if (count === 0) return undefined;
  return html`<p class="quiet">Those that failed and the first of the others; ${plural(count, 'more course')} in the tables.</p>`;
}

function navigation(input: ReportInput, courses: CourseView[]): Markup {
  const links: [string, string][] = [
    ['attention', 'Needs attention'],
    ['courses', plural(courses.length, 'course')],
    ['details', 'Course by course'],
    ['provenance', 'Provenance'],
  ];
  const day = input.provenance?.find(({ label }) => label === 'Finished')?.value;
  return html`<nav>${links.map(([id, label]) => html`<a href="#${id}">${label}</a>`)}${day && html`<span class="quiet">${day}</span>`}</nav>`;
}
