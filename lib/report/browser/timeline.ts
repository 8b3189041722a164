import * as Plot from '@observablehq/plot';
import type { RunTimeline } from '../cohort/run-timeline-data.ts';
import { asPicture } from './drawing.ts';
import { element, pageData } from './elements.ts';

const MINUTE = 60;
const HOUR = 3600;

/** Which stages were at work when, where the page has data for it. */
export function startTimeline(): void {
  const data = pageData<RunTimeline>('timeline-data');
  const place = document.getElementById('timeline');
  if (!data || !place) return;
  const { binSeconds, stages, start } = data;
  const span = binSeconds * stages[0].jobs.length;
  const [unit, name] = span > 3 * HOUR ? [HOUR, 'hours'] : span > 3 * MINUTE ? [MINUTE, 'minutes'] : [1, 'seconds'];
  const points = stages.flatMap(({ stage, jobs }) =>
    jobs.map((count, n) => ({ stage, at: ((n + 0.5) * binSeconds) / unit, count })),
  );
  const colours = stages.map((_, n) => `var(--c${(3 * n) % 14})`);
  const svg = Plot.plot({
    width: place.clientWidth || 760,
    height: 220,
    marginLeft: 52,
    marginBottom: 40,
    ariaLabel: 'Jobs of each stage at the same time',
    style: { background: 'transparent', color: 'inherit', fontSize: '12px' },
    x: { label: `${name} since ${start.replace('T', ' ')} UTC` },
    y: { label: 'Jobs', grid: true },
    color: { domain: stages.map(({ stage }) => stage), range: colours },
    marks: [Plot.areaY(points, { x: 'at', y: 'count', fill: 'stage', curve: 'step' }), Plot.ruleY([0])],
  }) as SVGSVGElement;
  const legend = stages.map(({ stage }, n) =>
    element('span', {}, element('i', { style: `background:${colours[n]}` }), stage.replaceAll('_', ' ')),
  );
  place.append(element('p', { class: 'scale' }, ...legend), element('div', { class: 'chart' }, asPicture(svg)));
}
