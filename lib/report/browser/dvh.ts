import type { DvhCurve, DvhData } from '../course/dvh-data.ts';
import { doseAt, volumeAt } from '../curve.ts';
import { uncertaintyAt } from '../uncertainty.ts';
import { colourOf, type DrawnChart, type DvhView, dashOf, drawDvh } from './dvh-chart.ts';
import { button, checkbox, choice, element, pageData, shortNumber } from './elements.ts';
import { csvOf, saveFile, savePng, svgText } from './save.ts';
import { showStructure } from './structures.ts';

/** The chart of the page with its legend and read-out, where the page has data for it. */
export function startDvh(): void {
  const data = pageData<DvhData>('dvh-data');
  const place = document.getElementById('dvh');
  if (!data || !place) return;
  new DvhPanel(data, place).draw();
}

class DvhPanel {
  readonly #data: DvhData;
  readonly #chart = element('div', {
    class: 'chart',
    tabindex: 0,
    role: 'group',
    'aria-label': 'Dose-volume chart. Left and right arrow move the read-out.',
  });
  readonly #readout = element('p', { class: 'readout', 'aria-live': 'polite' });
  readonly #rows: { curve: DvhCurve; box: HTMLInputElement; volume: HTMLElement; dose: HTMLElement }[] = [];
  readonly #view: DvhView = { relativeDose: false, cc: false, differential: false, spread: false, width: 760 };
  #drawn: DrawnChart | undefined;
  #cursor: { dose: number; volume: number } | undefined;

  constructor(data: DvhData, place: HTMLElement) {
    this.#data = data;
    place.append(
      this.#controls(),
      element('div', { class: 'dvh' }, element('div', {}, this.#chart, this.#readout), this.#legend()),
    );
    this.#chart.addEventListener('pointermove', (event) => this.#point(event));
    this.#chart.addEventListener('keydown', (event) => this.#step(event));
    new ResizeObserver(() => this.draw()).observe(this.#chart);
  }

  draw(): void {
    this.#view.width = Math.max(300, Math.floor(this.#chart.clientWidth || 760));
    this.#drawn = drawDvh(
      this.#rows.filter(({ box }) => box.checked).map(({ curve }) => curve),
      this.#view,
    );
    this.#chart.replaceChildren(this.#drawn.svg);
    this.#showCursor();
  }

  #controls(): HTMLElement {
    const set = (change: Partial<DvhView>) => {
      Object.assign(this.#view, change);
      this.#cursor = undefined;
      this.draw();
    };
    const hasPrescription = this.#data.curves.some(({ prescriptionGy }) => prescriptionGy);
    return element(
      'div',
      { class: 'controls' },
      choice(
        'Dose',
        [['', 'Gy'], ...(hasPrescription ? [['1', '% of the prescription'] as [string, string]] : [])],
        (value) => set({ relativeDose: value !== '' }),
      ),
      choice(
        'Volume',
        [
          ['', '%'],
          ['1', 'cc'],
        ],
        (value) => set({ cc: value !== '' }),
      ),
      choice(
        'Kind',
        [
          ['', 'cumulative'],
          ['1', 'differential'],
        ],
        (value) => set({ differential: value !== '' }),
      ),
      checkbox('numerical uncertainty', false, (spread) => set({ spread })),
      element('span', { class: 'spacer' }),
      button('PNG', () => this.#drawn && savePng('dvh.png', this.#drawn.svg), {
        'aria-label': 'Save the chart as PNG',
      }),
      button('SVG', () => this.#drawn && saveFile('dvh.svg', svgText(this.#drawn.svg), 'image/svg+xml'), {
        'aria-label': 'Save the chart as SVG',
      }),
      button('CSV', () => saveFile('dvh.csv', this.#csv(), 'text/csv'), { 'aria-label': 'Save the curves as CSV' }),
    );
  }

  #legend(): HTMLElement {
    const body = element('tbody');
    for (const curve of this.#data.curves) body.append(this.#legendRow(curve));
    const all = (shown: (curve: DvhCurve) => boolean) => {
      for (const { curve, box } of this.#rows) box.checked = shown(curve);
      this.#changed();
    };
    return element(
      'div',
      { class: 'legend' },
      element(
        'div',
        { class: 'controls' },
        button('All', () => all(() => true)),
        button('None', () => all(() => false)),
        button('As at first', () => all(({ isShown }) => isShown)),
      ),
      element(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Structures of the chart' },
        element(
          'table',
          {},
          element(
            'thead',
            {},
            element(
              'tr',
              {},
              th('Structure'),
              th('V', 'volume at the dose of the read-out'),
              th('D', 'dose at the volume of the read-out'),
              th(''),
            ),
          ),
          body,
        ),
      ),
    );
  }

  #legendRow(curve: DvhCurve): HTMLElement {
    const box = element('input', { type: 'checkbox', checked: curve.isShown });
    box.addEventListener('change', () => this.#changed());
    const [volume, dose] = [element('td', { class: 'n' }, '–'), element('td', { class: 'n' }, '–')];
    const dash = dashOf(curve);
    const swatch = element('i', {
      class: `swatch${dash ? ' dashed' : ''}`,
      style: `--swatch:${colourOf(curve.structure)}`,
    });
    const solo = button('only', () => {
      for (const row of this.#rows) row.box.checked = row.curve === curve;
      this.#changed();
    });
    solo.setAttribute('aria-label', `Only ${curve.label}`);
    this.#rows.push({ curve, box, volume, dose });
    return element(
      'tr',
      {},
      element('td', {}, element('label', {}, box, swatch, curve.label)),
      volume,
      dose,
      element('td', {}, solo),
    );
  }

  #changed(): void {
    for (const { curve } of this.#rows) {
      const isShown = this.#rows.some((row) => row.curve.structure === curve.structure && row.box.checked);
      showStructure(curve.structure, isShown);
    }
    this.draw();
  }

  #point(event: PointerEvent): void {
    if (!this.#drawn) return;
    const box = this.#drawn.svg.getBoundingClientRect();
    const scale = this.#view.width / box.width;
    const { frame } = this.#drawn;
    const x = Math.min(Math.max((event.clientX - box.left) * scale, frame.left), frame.right);
    const y = Math.min(Math.max((event.clientY - box.top) * scale, frame.top), frame.bottom);
    this.#cursor = this.#drawn.at(x, y);
    this.#showCursor();
  }

  #step(event: KeyboardEvent): void {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction || !this.#drawn) return;
    event.preventDefault();
    const step = (event.shiftKey ? 10 : 1) * direction;
    const { dose, volume } = this.#cursor ?? { dose: 0, volume: this.#view.cc ? 0 : 50 };
    this.#cursor = { dose: Math.max(0, dose + step), volume };
    this.#showCursor();
  }

  #showCursor(): void {
    this.#chart.querySelector('.cursor')?.remove();
    if (!this.#cursor || !this.#drawn) {
      this.#readout.textContent = 'Move over the chart, or press the arrow keys, to read volumes and doses.';
      return;
    }
    const { dose, volume } = this.#cursor;
    const { frame, svg } = this.#drawn;
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', `M${this.#drawn.xOf(dose)} ${frame.top}V${frame.bottom}`);
    line.setAttribute('class', 'cursor');
    svg.append(line);
    const { relativeDose, cc } = this.#view;
    this.#readout.textContent = `V: volume at ${shortNumber(dose)} ${relativeDose ? '%' : 'Gy'}. D: dose at ${shortNumber(volume, 1)} ${cc ? 'cc' : '%'}.`;
    for (const { curve, volume: v, dose: d } of this.#rows) {
      const prescription = curve.prescriptionGy ?? Number.NaN;
      const pct = volumeAt(curve, relativeDose ? (dose * prescription) / 100 : dose);
      v.textContent = cc ? `${shortNumber((pct * curve.volumeCc) / 100)} cc` : `${shortNumber(pct, 1)} %`;
      const gy = doseAt(curve, cc ? (100 * volume) / curve.volumeCc : volume);
      d.textContent = gy === undefined ? '–' : `${shortNumber(gy)}${this.#plusMinus(curve, volume)} Gy`;
    }
  }

  /** ` ± 0.05`, when the reader wants it and it is known. */
  #plusMinus(curve: DvhCurve, volume: number): string {
    const pct = this.#view.cc ? (100 * volume) / curve.volumeCc : volume;
    const gy = this.#view.spread ? uncertaintyAt(curve, pct) : undefined;
    return gy === undefined ? '' : ` ± ${shortNumber(gy)}`;
  }

  #csv(): string {
    const shown = this.#rows.filter(({ box }) => box.checked);
    return csvOf([
      ['structure', 'dose', 'dose[Gy]', 'volume[%]', 'volume[cc]'],
      ...shown.flatMap(({ curve }) =>
        curve.doseGy.map((gy, n) => {
          const pct = curve.volumePct[n];
          return [curve.label, this.#data.doses[curve.doseUid], gy, pct, (pct * curve.volumeCc) / 100];
        }),
      ),
    ]);
  }
}

function th(text: string, title?: string): HTMLElement {
  return text === '' ? element('td') : element('th', { scope: 'col', title }, text);
}
