import * as Plot from '@observablehq/plot';
import type { PopulationData, PopulationStructure } from '../cohort/population-data.ts';
import { asPicture } from './drawing.ts';
import { button, choice, element, pageData } from './elements.ts';
import { csvOf, saveFile, savePng, svgText } from './save.ts';

/** The chart of DVHs over the cohort, where the page has data for it. */
export function startPopulation(): void {
  const data = pageData<PopulationData>('population-data');
  const place = document.getElementById('population');
  if (!data || !place || data.structures.length === 0) return;
  const chart = element('div', { class: 'chart' });
  const caption = element('p', { class: 'quiet', role: 'status' });
  const view = { structure: 0, relative: false };
  const draw = () => {
    const chosen = data.structures[view.structure];
    chart.replaceChildren(drawBands(data, chosen, view.relative, chart.clientWidth || 760));
    const count = view.relative ? chosen.prescribed : chosen.courses;
    caption.textContent = `${nameOf(chosen)}: median, middle half and 10th to 90th percentile of ${count} courses, each with the curve of its primary structure set on its dose.`;
  };
  const svg = () => chart.querySelector('svg') as SVGSVGElement;
  place.append(
    element(
      'div',
      { class: 'controls' },
      choice(
        'Structure',
        data.structures.map((structure, n) => [String(n), `${nameOf(structure)}, ${structure.courses} courses`]),
        (n) => {
          view.structure = Number(n);
          draw();
        },
      ),
      choice(
        'Dose',
        [
          ['', 'Gy'],
          ['1', '% of the prescription'],
        ],
        (value) => {
          view.relative = value !== '';
          draw();
        },
      ),
      element('span', { class: 'spacer' }),
      button('PNG', () => savePng('population.png', svg()), { 'aria-label': 'Save the chart as PNG' }),
      button('SVG', () => saveFile('population.svg', svgText(svg()), 'image/svg+xml'), {
        'aria-label': 'Save the chart as SVG',
      }),
      button('CSV', () => saveFile('population.csv', bandsCsv(data, data.structures[view.structure]), 'text/csv'), {
        'aria-label': 'Save the bands as CSV',
      }),
    ),
    chart,
    caption,
  );
  draw();
}

function nameOf({ name, source, group }: PopulationStructure): string {
  return `${name} (${source})${group === 'all' ? '' : `, ${group}`}`;
}

function drawBands(
  data: PopulationData,
  structure: PopulationStructure,
  relative: boolean,
  width: number,
): SVGSVGElement {
  const doses = relative ? data.dosePct : data.doseGy;
  const bands = relative ? structure.relative : structure.absolute;
  const points = bands.length === 0 ? [] : doses.map((dose, n) => ({ dose, at: bands.map((band) => band[n]) }));
  const last = points.findLastIndex(({ at }) => at[4] > 0.05);
  const shown = points.slice(0, last + 2);
  const svg = Plot.plot({
    width,
    height: 340,
    marginLeft: 52,
    marginBottom: 40,
    ariaLabel: `Population DVH of ${nameOf(structure)}`,
    style: { background: 'transparent', color: 'inherit', fontSize: '12px' },
    x: { label: relative ? 'Dose in % of the prescription' : 'Dose in Gy', grid: true, zero: true },
    y: { label: 'Volume in %', grid: true, domain: [0, 100] },
    marks: [
      Plot.areaY(shown, {
        x: 'dose',
        y1: ({ at }) => at[0],
        y2: ({ at }) => at[4],
        fill: 'var(--accent)',
        fillOpacity: 0.15,
      }),
      Plot.areaY(shown, {
        x: 'dose',
        y1: ({ at }) => at[1],
        y2: ({ at }) => at[3],
        fill: 'var(--accent)',
        fillOpacity: 0.3,
      }),
      Plot.lineY(shown, { x: 'dose', y: ({ at }) => at[2], stroke: 'var(--accent)', strokeWidth: 2.2 }),
      ...(bands.length === 0 ? [Plot.text(['Too few courses have a prescription'], { frameAnchor: 'middle' })] : []),
    ],
  }) as SVGSVGElement;
  return asPicture(svg);
}

function bandsCsv(data: PopulationData, { absolute }: PopulationStructure): string {
  const head = ['dose[Gy]', 'p10[%]', 'p25[%]', 'p50[%]', 'p75[%]', 'p90[%]'];
  return csvOf([head, ...data.doseGy.map((dose, n) => [dose, ...absolute.map((band) => band[n])])]);
}
