import * as Plot from '@observablehq/plot';
import type { DvhCurve, DvhGoal } from '../course/dvh-data.ts';
import { differential } from '../curve.ts';
import { bandPoints } from '../uncertainty.ts';
import { asPicture } from './drawing.ts';

/** How a reader wants the chart. */
export interface DvhView {
  relativeDose: boolean;
  cc: boolean;
  differential: boolean;
  spread: boolean;
  width: number;
}

/** A chart with the way from its pixels back to dose and volume. */
export interface DrawnChart {
  svg: SVGSVGElement;
  /** Dose and volume under a pixel, in Gy (% of the prescription when relative) and % (cc). */
  at(x: number, y: number): { dose: number; volume: number };
  xOf(dose: number): number;
  /** Pixels of the plot's frame. */
  frame: { left: number; right: number; top: number; bottom: number };
}

const HEIGHT = 380;
const MARGIN = { marginLeft: 52, marginBottom: 40, marginTop: 22, marginRight: 16 };

/** Draws curves, each on its own. */
export function drawDvh(curves: DvhCurve[], view: DvhView): DrawnChart {
  const scaleDose = (curve: DvhCurve, gy: number) =>
    view.relativeDose ? (100 * gy) / (curve.prescriptionGy ?? Number.NaN) : gy;
  const scaleVolume = (curve: DvhCurve, pct: number) => (view.cc ? (curve.volumeCc * pct) / 100 : pct);
  const usable = view.relativeDose ? curves.filter((curve) => curve.prescriptionGy) : curves;
  const levels = [...new Set(usable.flatMap(({ prescriptionGy }) => prescriptionGy ?? []))];
  const svg = Plot.plot({
    width: view.width,
    height: HEIGHT,
    ...MARGIN,
    style: { background: 'transparent', color: 'inherit', fontSize: '12px' },
    ariaLabel: view.differential ? 'Differential dose-volume histograms' : 'Cumulative dose-volume histograms',
    x: {
      label: view.relativeDose ? 'Dose in % of the prescription' : 'Dose in Gy',
      zero: true,
      grid: true,
      nice: true,
    },
    y: {
      label: volumeLabel(view),
      zero: true,
      grid: true,
      ...(!view.cc && !view.differential && { domain: [0, 100] }),
    },
    marks: [
      Plot.ruleX(view.relativeDose ? [100] : levels, { stroke: 'var(--soft)', strokeDasharray: '4 4' }),
      Plot.text(view.relativeDose ? [100] : levels, {
        x: (level: number) => level,
        frameAnchor: 'top',
        dy: -14,
        text: (level: number) => `${Number(level.toPrecision(6))}${view.relativeDose ? ' %' : ' Gy'}`,
        fill: 'var(--soft)',
      }),
      ...(view.spread && !view.differential ? usable.map((curve) => bandOf(curve, scaleDose, scaleVolume)) : []),
      ...usable.map((curve) => lineOf(curve, view, scaleDose, scaleVolume)),
      ...(view.differential ? [] : usable.map((curve) => goalsOf(curve, scaleDose, scaleVolume))),
    ],
  }) as SVGSVGElement & Plot.Plot;
  const [x, y] = [svg.scale('x')!, svg.scale('y')!];
  return {
    svg: asPicture(svg),
    at: (px, py) => ({ dose: Number(x.invert!(px)), volume: Number(y.invert!(py)) }),
    xOf: (dose) => Number(x.apply(dose)),
    frame: {
      left: MARGIN.marginLeft,
      right: view.width - MARGIN.marginRight,
      top: MARGIN.marginTop,
      bottom: HEIGHT - MARGIN.marginBottom,
    },
  };
}

type Scale = (curve: DvhCurve, value: number) => number;

export function colourOf(structure: number): string {
  return `var(--c${structure % 14})`;
}

const DASHES = [undefined, '7 3', '2 3', '9 3 2 3'];

export function dashOf({ dash }: DvhCurve): string | undefined {
  return DASHES[dash % DASHES.length];
}

function lineOf(curve: DvhCurve, view: DvhView, dose: Scale, volume: Scale) {
  const points = view.differential
    ? differential(curve).map(({ doseGy, pctPerGy }) => [dose(curve, doseGy), volume(curve, pctPerGy)])
    : [
        [0, volume(curve, curve.volumePct[0])],
        ...curve.doseGy.map((gy, n) => [dose(curve, gy), volume(curve, curve.volumePct[n])]),
      ];
  return Plot.line(points, {
    stroke: colourOf(curve.structure),
    strokeWidth: 1.8,
    strokeDasharray: dashOf(curve),
    title: () => curve.label,
    curve: view.differential ? 'step' : 'linear',
  });
}

/** How far the doses of a curve may be off, where it is known. */
function bandOf(curve: DvhCurve, dose: Scale, volume: Scale) {
  return Plot.areaX(bandPoints(curve), {
    x1: ({ lowGy }) => dose(curve, lowGy),
    x2: ({ highGy }) => dose(curve, highGy),
    y: ({ volumePct }) => volume(curve, volumePct),
    fill: colourOf(curve.structure),
    fillOpacity: 0.3,
  });
}

/** A cross where a goal is missed, a circle where it is reached: the shape tells it, not the colour alone. */
function goalsOf(curve: DvhCurve, dose: Scale, volume: Scale) {
  return Plot.dot(curve.goals, {
    x: ({ doseGy }) => dose(curve, doseGy),
    y: ({ volumePct }) => volume(curve, volumePct),
    symbol: ({ result }: DvhGoal) => (result === 'fail' ? 'times' : 'circle'),
    stroke: colourOf(curve.structure),
    strokeWidth: 2.2,
    r: 5,
    title: ({ text, result }: DvhGoal) => `${text}: ${result}`,
  });
}

function volumeLabel({ cc, differential: perGy }: DvhView): string {
  return `Volume in ${cc ? 'cc' : '%'}${perGy ? ' per Gy' : ''}`;
}
