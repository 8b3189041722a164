import * as Plot from '@observablehq/plot';
import type { Bands, PopulationData, PopulationStructure } from '../cohort/population-data.ts';
import { asPicture } from './drawing.ts';
import { button, choice, element, pageData } from './elements.ts';
import { csvOf, saveFile, savePng, svgText } from './save.ts';

/** The chart of DVHs over the cohort, where the page has data for it. */
export function startPopulation(): void {
  const data = pageData<PopulationData>('population-data');
  const place = document.getElementById('population');
  if (!data || !place || data.structures.length === 0) return;
  new PopulationPanel(data, place).draw();
}

/** Some courses of a structure, as one colour of the chart. */
interface Drawn {
  name: string;
  colour: string;
  bands: Bands;
}

/** What the reader chose; -1 is no grouping. */
interface PopulationView {
  structure: number;
  relative: boolean;
  grouping: number;
}

class PopulationPanel {
  readonly #data: PopulationData;
  readonly #chart = element('div', { class: 'chart' });
  readonly #key = element('p', { class: 'scale' });
  readonly #caption = element('p', { class: 'quiet', role: 'status' });
  readonly #view: PopulationView = { structure: 0, relative: false, grouping: -1 };

  constructor(data: PopulationData, place: HTMLElement) {
    this.#data = data;
    place.append(this.#controls(), this.#key, this.#chart, this.#caption);
  }

  draw(): void {
    const { relative } = this.#view;
    const structure = this.#structure();
    const drawn = this.#drawn();
    this.#chart.replaceChildren(drawBands(this.#data, structure, drawn, relative, this.#chart.clientWidth || 760));
    const counted = drawn.map(({ name, bands }) => `${relative ? bands.prescribed : bands.courses} ${name}`);
    const isGrouped = drawn.length > 1;
    this.#key.replaceChildren(
      ...(isGrouped
        ? drawn.map(({ name, colour }) => element('span', {}, element('i', { style: `background:${colour}` }), name))
        : []),
    );
    const grouping = this.#data.groupings[this.#view.grouping];
    const what = isGrouped ? 'median and middle half' : 'median, middle half and 10th to 90th percentile';
    const alone = grouping && !isGrouped ? ` Too few courses differ by ${grouping} to compare them.` : '';
    this.#caption.textContent = `${nameOf(structure)}: ${what} of ${counted.join(', ')}${isGrouped ? '' : ' courses'}, each with the curve of its primary structure set on its dose.${alone}`;
  }

  #structure(): PopulationStructure {
    return this.#data.structures[this.#view.structure];
  }

  #drawn(): Drawn[] {
    const { all, groups } = this.#structure();
    const chosen = groups[this.#view.grouping] ?? [];
    if (chosen.length === 0) return [{ name: '', colour: 'var(--accent)', bands: all }];
    return chosen.map(({ value, bands }, n) => ({ name: value, colour: `var(--c${(3 * n) % 14})`, bands }));
  }

  #controls(): HTMLElement {
    const set = (change: Partial<PopulationView>) => {
      Object.assign(this.#view, change);
      this.draw();
    };
    const { structures, groupings } = this.#data;
    const usable = groupings
      .map((name, n): [string, string] => [String(n), name])
      .filter(([n]) => structures.some(({ groups }) => groups[Number(n)]?.length > 1));
    const svg = () => this.#chart.querySelector('svg') as SVGSVGElement;
    return element(
      'div',
      { class: 'controls' },
      choice(
        'Structure',
        structures.map((structure, n) => [String(n), `${nameOf(structure)}, ${structure.all.courses} courses`]),
        (n) => set({ structure: Number(n) }),
      ),
      choice(
        'Dose',
        [
          ['', 'Gy'],
          ['1', '% of the prescription'],
        ],
        (value) => set({ relative: value !== '' }),
      ),
      ...(usable.length > 0
        ? [choice('Compare by', [['-1', 'nothing'], ...usable], (n) => set({ grouping: Number(n) }))]
        : []),
      element('span', { class: 'spacer' }),
      button('PNG', () => savePng('population.png', svg()), { 'aria-label': 'Save the chart as PNG' }),
      button('SVG', () => saveFile('population.svg', svgText(svg()), 'image/svg+xml'), {
        'aria-label': 'Save the chart as SVG',
      }),
      button('CSV', () => saveFile('population.csv', this.#csv(), 'text/csv'), {
        'aria-label': 'Save the bands as CSV',
      }),
    );
  }

  #csv(): string {
    const { relative } = this.#view;
    const doses = relative ? this.#data.dosePct : this.#data.doseGy;
    const head = ['group', relative ? 'dose[%]' : 'dose[Gy]', 'p10[%]', 'p25[%]', 'p50[%]', 'p75[%]', 'p90[%]'];
    const rows = this.#drawn().flatMap(({ name, bands }) => {
      const shown = relative ? bands.relative : bands.absolute;
      return shown.length === 0 ? [] : doses.map((dose, n) => [name, dose, ...shown.map((band) => band[n])]);
    });
    return csvOf([head, ...rows]);
  }
}

function nameOf({ name, source }: PopulationStructure): string {
  return `${name} (${source})`;
}

function drawBands(
  data: PopulationData,
  structure: PopulationStructure,
  drawn: Drawn[],
  relative: boolean,
  width: number,
): SVGSVGElement {
  const doses = relative ? data.dosePct : data.doseGy;
  const lines = drawn.map(({ colour, bands }) => {
    const shown = relative ? bands.relative : bands.absolute;
    const points = shown.length === 0 ? [] : doses.map((dose, n) => ({ dose, at: shown.map((band) => band[n]) }));
    const last = points.findLastIndex(({ at }) => at[4] > 0.05);
    return { colour, points: points.slice(0, last + 2) };
  });
  const band = (low: number, high: number, opacity: number) =>
    lines.map(({ colour, points }) =>
      Plot.areaY(points, {
        x: 'dose',
        y1: ({ at }) => at[low],
        y2: ({ at }) => at[high],
        fill: colour,
        fillOpacity: opacity,
      }),
    );
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
      ...(lines.length === 1 ? band(0, 4, 0.15) : []),
      ...band(1, 3, lines.length === 1 ? 0.3 : 0.18),
      ...lines.map(({ colour, points }) =>
        Plot.lineY(points, { x: 'dose', y: ({ at }) => at[2], stroke: colour, strokeWidth: 2.2 }),
      ),
      ...(lines.every(({ points }) => points.length === 0)
        ? [Plot.text(['Too few courses have a prescription'], { frameAnchor: 'middle' })]
        : []),
    ],
  }) as SVGSVGElement;
  return asPicture(svg);
}
