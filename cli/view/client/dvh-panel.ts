import { volumeAtDoseCc } from '#lib/dvh/metrics/curve.ts';
import type { SceneCurve } from '#lib/viewer/scene.ts';
import { element, shape } from './dom.ts';
import { doseUnder, structuresUnder } from './readout-panel.ts';
import { dashOf, type ShownDose, type ShownStructure, type View, type ViewHolder } from './view.ts';

const WIDTH = 400;
const HEIGHT = 250;
const EDGE = { left: 38, right: 10, top: 10, bottom: 34 };
/** Fine enough for a line of a pixel or two. */
const MOST_POINTS = 300;

interface Line {
  shown: ShownStructure;
  curve: SceneCurve;
  isSecond: boolean;
}

interface Scale {
  x(dose: number): number;
  y(percent: number): number;
  doseAt(x: number): number;
  mostDose: number;
}

/**
 * Cumulative DVHs of the structures that are shown, from the table `dvh_curves`. The dose under the cross hairs is marked;
 * the dose under the pointer is drawn on the planes as a white line.
 */
export function dvhPanel(holder: ViewHolder): HTMLElement {
  const { view, change, watch } = holder;
  const chart = shape('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    class: 'dvh',
    role: 'img',
    'aria-label': 'Cumulative dose-volume histograms of the structures that are shown: the numbers stand below',
  });
  const values = element('div', { class: 'values' });
  const fill = () => {
    const lines = linesOf(view);
    const scale = scaleOf(lines);
    chart.replaceChildren(
      ...axes(scale),
      ...lines.map((line) => lineOf(view, line, scale)),
      ...marks(view, lines, scale),
    );
    values.replaceChildren(valueTable(view, lines));
  };
  chart.addEventListener('pointermove', (event) => {
    const { left, width } = chart.getBoundingClientRect();
    const dose = scaleOf(linesOf(view)).doseAt(((event.clientX - left) / width) * WIDTH);
    change({ pointedDose: dose > 0 ? dose : undefined });
  });
  chart.addEventListener('pointerleave', () => change({ pointedDose: undefined }));
  fill();
  watch((changed) => {
    const isMine = ['structures', 'doses', 'cursorMm', 'pointedDose', 'compared', 'background'] as const;
    if (isMine.some((name) => changed.has(name))) fill();
  });
  return element('section', { 'aria-label': 'Dose and volume' }, element('h2', {}, 'Dose and volume'), chart, values);
}

function linesOf({ structures, doses }: View): Line[] {
  const of = (dose: ShownDose | undefined, isSecond: boolean) =>
    structures.flatMap((shown) => {
      const curve = shown.isVisible && shown.structure.curves.find(({ doseUid }) => doseUid === dose?.dose.doseUid);
      return curve ? [{ shown, curve, isSecond }] : [];
    });
  return [...of(doses.first, false), ...of(doses.second, true)];
}

function scaleOf(lines: Line[]): Scale {
  const mostDose = 1.05 * Math.max(1, ...lines.map(({ curve }) => curve.doseGy[curve.doseGy.length - 1]));
  const [width, height] = [WIDTH - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  return {
    mostDose,
    x: (dose) => EDGE.left + (width * dose) / mostDose,
    y: (percent) => EDGE.top + height * (1 - percent / 100),
    doseAt: (x) => ((x - EDGE.left) / width) * mostDose,
  };
}

function axes({ x, y, mostDose }: Scale): SVGElement[] {
  const step = [1, 2, 5, 10, 20, 50].find((one) => mostDose / one <= 8) ?? 100;
  const doses = Array.from({ length: Math.floor(mostDose / step) + 1 }, (_, n) => n * step);
  const bottom = y(0);
  return [
    ...[0, 25, 50, 75, 100].flatMap((percent) => [
      shape('path', { d: `M${EDGE.left} ${y(percent)}H${WIDTH - EDGE.right}`, class: 'grid' }),
      shape('text', { x: EDGE.left - 5, y: y(percent) + 4, 'text-anchor': 'end' }, percent),
    ]),
    ...doses.map((dose) => shape('text', { x: x(dose), y: bottom + 14, 'text-anchor': 'middle' }, dose)),
    shape('text', { x: WIDTH - EDGE.right, y: HEIGHT - 4, 'text-anchor': 'end' }, 'dose in Gy'),
    shape('text', { x: EDGE.left, y: HEIGHT - 4 }, 'volume in % of the part inside the dose grid'),
  ];
}

function lineOf(view: View, { shown, curve, isSecond }: Line, { x, y }: Scale): SVGElement {
  const { doseGy, volumeCc } = curve;
  const step = Math.max(1, Math.floor(doseGy.length / MOST_POINTS));
  const points = [`M${x(0).toFixed(1)} ${y(100)}`];
  for (let n = 0; n < doseGy.length; n++)
    if (n % step === 0 || n === doseGy.length - 1)
      points.push(`L${x(doseGy[n]).toFixed(1)} ${y((100 * volumeCc[n]) / volumeCc[0]).toFixed(1)}`);
  const dash = isSecond ? [2, 3] : dashOf(view, shown.structure.group);
  return shape('path', {
    d: points.join(''),
    class: 'curve',
    stroke: shown.colour,
    'stroke-dasharray': dash.join(' ') || undefined,
  });
}

/** The dose under the cross hairs, the one under the pointer, and the curves of the structures that the cross hairs lie in. */
function marks(view: View, lines: Line[], scale: Scale): SVGElement[] {
  const under = doseUnder(view, view.doses.first);
  const within = structuresUnder(view);
  const vertical = (dose: number | undefined, kind: string) =>
    dose === undefined
      ? []
      : [shape('path', { d: `M${scale.x(dose)} ${EDGE.top}V${scale.y(0)}`, class: `mark ${kind}` })];
  const dots =
    under === undefined
      ? []
      : lines
          .filter(({ shown, isSecond }) => !isSecond && within.includes(shown))
          .map(({ shown, curve }) =>
            shape('circle', { cx: scale.x(under), cy: scale.y(percentAt(curve, under)), r: 4, fill: shown.colour }),
          );
  return [...vertical(under, 'cursor'), ...vertical(view.pointedDose, 'pointed'), ...dots];
}

/** Volume of each structure that gets at least the dose: the one under the pointer, else under the cross hairs. */
function valueTable(view: View, lines: Line[]): HTMLElement {
  if (lines.length === 0) return element('p', { class: 'quiet' }, 'No structure that is shown has a DVH on this dose.');
  const dose = view.pointedDose ?? doseUnder(view, view.doses.first);
  const head = dose === undefined ? 'V' : `V${dose.toFixed(2)} Gy`;
  const rows = lines.map(({ shown, curve, isSecond }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${shown.structure.name}${isSecond ? ' (compared dose)' : ''}`),
      element('td', {}, dose === undefined ? '' : percentAt(curve, dose).toFixed(1)),
      element('td', {}, dose === undefined ? '' : volumeAtDoseCc(asCurve(curve), dose).toFixed(2)),
      element('td', {}, curve.metrics['Mean[Gy]']?.toFixed(2)),
      element('td', {}, curve.metrics['D95%[Gy]']?.toFixed(2)),
    ),
  );
  const heads = ['Structure', `${head}, %`, `${head}, cc`, 'Mean, Gy', 'D95%, Gy'];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows),
  );
}

function percentAt(curve: SceneCurve, dose: number): number {
  return (100 * volumeAtDoseCc(asCurve(curve), dose)) / curve.volumeCc[0];
}

function asCurve({ doseGy, volumeCc }: SceneCurve) {
  return { doseGy: Float64Array.from(doseGy), volumeCc: Float64Array.from(volumeCc) };
}
