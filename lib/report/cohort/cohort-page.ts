import { coursesOf, rowsOf } from '../courses.ts';
import { formatMinute, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { renderPage } from '../page.ts';
import type { SharedFeatures } from './correlation.ts';
import { coursesData } from './courses-of-cohort.ts';
import { outlierGroups } from './outliers.ts';
import { patients } from './patients.ts';
import type { PopulationData } from './population-data.ts';
import { provenance } from './provenance.ts';
import { radiomicsOfCohort } from './radiomics.ts';
import { robustness } from './robustness.ts';
import { runTimeline } from './run-timeline.ts';
import { scorecard } from './scorecard.ts';
import { SPREAD_METRICS, spreadColumn, spreadTable } from './spread.ts';
import { summary } from './summary.ts';
import { unassigned } from './unassigned.ts';

/** What follows from data that the tables of the page do not hold. */
export interface OfAllCourses {
  population?: PopulationData;
  features?: SharedFeatures[];
}

/**
 * The page of the cohort: first what needs attention, then a table of all courses, figures over all courses, and the
 * origin of the numbers. Each course has its own page in the folder `report`.
 */
export function renderReport(input: ReportInput, { population, features = [] }: OfAllCourses = {}): string {
  const courses = coursesOf(input);
  const data = coursesData(courses, outlierGroups(courses));
  const hasBands = population && population.structures.length > 0;
  const files = unassigned(input);
  const timeline = runTimeline(rowsOf(input, 'timings'));
  const sections: [string, string, Markup | undefined][] = [
    [
      'attention',
      'Needs attention',
      html`<div id="attention-list"></div>${files}${
        data.attention.length === 0 && !files && html`<p class="quiet">Nothing.</p>`
      }`,
    ],
    [
      'courses',
      'Courses',
      courses.length === 0 ? html`<p class="quiet">No course was found.</p>` : html`<div id="course-table"></div>`,
    ],
    ['patients', 'Patients', patients(courses, rowsOf(input, 'patients'))],
    ['goals', 'Clinical goals', scorecard(input)],
    ['population-dvh', 'Dose and volume of the cohort', hasBands ? html`<div id="population"></div>` : undefined],
    [
      'spread',
      'Volumes and doses',
      spreadTable(courses, 'dvh_metrics', SPREAD_METRICS.map(spreadColumn), 'Volumes and doses'),
    ],
    [
      'measures',
      'Image and dose in structures',
      spreadTable(courses, 'qc_measures', MEASURES, 'Image and dose in structures'),
    ],
    ['agreement', 'Agreement of sources', spreadTable(courses, 'agreement', AGREEMENT, 'Agreement of sources')],
    ['radiomics', 'Radiomics', radiomicsOfCohort(courses, input, features)],
    ['robustness', 'Robustness of radiomics', robustness(input)],
    ['provenance', 'The run', html`${timeline && html`<div id="timeline"></div>`}${provenance(input)}`],
  ];
  const shown = sections.filter(([, , body]) => body !== undefined);
  const finished = input.provenance?.find(({ label }) => label === 'Finished')?.value;
  return renderPage({
    title: input.title,
    header: html`<h1>${input.title}</h1><p class="quiet">${plural(courses.length, 'course')}${finished && `, ${formatMinute(finished)}`}</p>
<nav aria-label="Parts of the page">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>`,
    main: html`<noscript><p>The tables of courses need the script of this page. The same tables lie beside it as CSV.</p></noscript>
${summary(input, courses)}${shown.map(
  ([id, name, body]) => html`<section id="${id}"><h2>${name}</h2>${body}</section>
`,
)}`,
    data: {
      'courses-data': data,
      ...(hasBands && { 'population-data': population }),
      ...(timeline && { 'timeline-data': timeline }),
    },
  });
}

const MEASURES = [
  { column: 'median_hu', head: 'Median', unit: 'HU' },
  { column: 'median_dose_gy', head: 'Median dose', unit: 'Gy' },
  { column: 'pieces', head: 'Pieces', unit: '' },
];

const AGREEMENT = [
  { column: 'dice', head: 'Dice', unit: '' },
  { column: 'surface_dice', head: 'Surface Dice', unit: '' },
  { column: 'hausdorff95_mm', head: 'Hausdorff 95', unit: 'mm' },
  { column: 'volume_ratio', head: 'Volume ratio', unit: '' },
];
