import { type CourseView, structureNumbers } from '../courses.ts';
import { html, type Markup } from '../html.ts';
import type { CourseDetails, ReportInput } from '../input.ts';
import { renderPage } from '../page.ts';
import { chip } from '../parts.ts';
import { agreement } from './agreement.ts';
import { courseAttention } from './attention.ts';
import { beams } from './beams.ts';
import { doseDecision } from './dose-decision.ts';
import { doseVolume } from './dose-volume.ts';
import { courseFindings } from './findings.ts';
import { fractionsOf } from './fractions.ts';
import { goals } from './goals.ts';
import { headline, identity } from './identity.ts';
import { metrics } from './metrics.ts';
import { pictures } from './pictures.ts';
import { qualityControl } from './quality-control.ts';
import { radiomics } from './radiomics.ts';
import { structures } from './structures.ts';
import type { CoursePage } from './subject.ts';

/** One HTML file for a course: what needs attention, the patient, the dose, and every number behind them. */
export function renderCourse(course: CourseView, input: ReportInput, details: CourseDetails): string {
  const page: CoursePage = { course, input, details, numbers: structureNumbers(course, details.curves) };
  const { markup: chart, data } = doseVolume(page);
  const sections: [string, string, Markup | undefined][] = [
    ['attention', 'Needs attention', courseAttention(page)],
    ['pictures', 'Pictures', pictures(page)],
    ['dose-volume', 'Dose and volume', chart],
    ['goals', 'Goals', goals(page)],
    ['metrics', 'Metrics', metrics(page)],
    ['dose', 'Dose of the course', doseDecision(page)],
    ['beams', 'Plan and beams', beams(page)],
    ['fractions', 'Fractions', fractionsOf(page)],
    ['structures', 'Structures', structures(page)],
    ['agreement', 'Agreement of structures', agreement(page)],
    ['radiomics', 'Radiomics', radiomics(page)],
    ['quality', 'Quality control', qualityControl(page)],
    ['findings', 'Findings', courseFindings(page)],
  ];
  const shown = sections.filter(([, , body]) => body !== undefined);
  const title = `${course.patientId} ${course.name}`.trim();
  return renderPage({
    title: `${title}, ${input.title}`,
    header: html`<a href="../report.html">${input.title}</a><h1>${title} ${chip(course.state)}</h1><p class="quiet">${headline(course)}</p>
<nav aria-label="Parts of the page">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>`,
    main: html`<section aria-label="The course">${identity(course)}</section>${shown.map(
      ([id, name, body]) => html`<section id="${id}"><h2>${name}</h2>${body}</section>
`,
    )}`,
    data: data ? { 'dvh-data': data } : {},
  });
}
