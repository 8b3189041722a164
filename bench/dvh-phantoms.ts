import type { EndCap } from '../lib/dvh/solid/solid.ts';
import { type DvhError, errorOf, measureIn, measurePhantom, shapesFor } from '../test/fixtures/dvh-error.ts';
import { roiOf } from '../test/fixtures/dvh-phantom.ts';
import type { PhantomShape } from '../test/fixtures/dvh-shapes.ts';

export const GAPS_MM = [0.5, 1, 2, 3, 4, 5];
export const DOSE_GRIDS_MM = [0.5, 1, 2, 3, 5];

/** Errors on dose grids of 3 mm: a row per shape, a column per distance of the contours. */
export function phantomTable(): string[] {
  const names = shapesFor(1).map((shape) => shape.name);
  const cell = (row: number, gapMm: number) => show(measurePhantom(shapesFor(gapMm)[row], gapMm, 3));
  return table('shape', names, cell);
}

/** The greatest errors of all shapes: a row per dose grid. The box on its corner is left out, as its edges miss planes. */
export function gridTable(): string[] {
  const cell = (row: number, gapMm: number) =>
    show(
      shapesFor(gapMm)
        .filter((shape) => !shape.name.includes('corner'))
        .map((shape) => measurePhantom(shape, gapMm, DOSE_GRIDS_MM[row]))
        .reduce(worseOf),
    );
  return table(
    'dose grid',
    DOSE_GRIDS_MM.map((mm) => `${mm} mm`),
    cell,
  );
}

/** Planes that miss poles, tips and edges, against the shape that was meant, and whose the error is. */
export function missedTable(): string[] {
  const rows: [name: string, measured: (gapMm: number) => DvhError][] = [
    ['sphere, planes a third of a gap off, `rounded`: exact', (gap) => beside(gap, 'sphere, gradient across', 1 / 3)],
    ['the same with `half-gap`: of the flat caps', (gap) => beside(gap, 'sphere, gradient across', 1 / 3, 'half-gap')],
    [
      'lying cone, planes half a gap beside its axis, gradient across the planes: inherent in the slices',
      (gap) => beside(gap, 'lying cone, gradient across the planes', 1 / 2),
    ],
    ['the same, apex hot: inherent in the slices', (gap) => beside(gap, 'lying cone, apex hot', 1 / 2)],
    [
      'box on its edge, planes half a gap beside the edge: inherent in the slices',
      (gap) => beside(gap, 'box on its edge, gradient across', 1 / 2),
    ],
  ];
  return table(
    'shape, and whose the error is',
    rows.map(([name]) => name),
    (row, gap) => show(rows[row][1](gap)),
  );
}

function beside(gapMm: number, name: string, shift: number, endCap: EndCap = 'rounded'): DvhError {
  const shape = shapeNamed(name, gapMm);
  return errorOf(measureIn(roiOf(shiftedPlanes(shape, gapMm, shift), shape.section), shape, 3, endCap), shape.exact);
}

function shapeNamed(start: string, gapMm: number): PhantomShape {
  const found = shapesFor(gapMm).find((shape) => shape.name.startsWith(start));
  if (!found) throw new Error(`no shape ${start}`);
  return found;
}

/** Planes a part of a gap beside those through the middle, as far as the shape goes. */
function shiftedPlanes({ reachMm }: PhantomShape, gapMm: number, shift: number): number[] {
  const first = -Math.floor(reachMm / gapMm) - 1;
  return Array.from({ length: 2 - 2 * first }, (_, n) => (first + n + shift) * gapMm).filter(
    (z) => Math.abs(z) < reachMm,
  );
}

function table(head: string, names: string[], cell: (row: number, gapMm: number) => string): string[] {
  return [
    `| ${head} | ${GAPS_MM.map((gap) => `${gap} mm`).join(' | ')} |`,
    `|---|${GAPS_MM.map(() => '---').join('|')}|`,
    ...names.map((name, row) => `| ${name} | ${GAPS_MM.map((gap) => cell(row, gap)).join(' | ')} |`),
  ];
}

/** Bold where it is more than promised. */
function show({ volumePercent, doseGy, coveragePercent, kept }: DvhError): string {
  const text = `${volumePercent.toFixed(2)} %, ${doseGy.toFixed(3)} Gy, ${coveragePercent.toFixed(2)} %`;
  return kept ? text : `**${text}**`;
}

function worseOf(a: DvhError, b: DvhError): DvhError {
  return {
    volumePercent: Math.abs(a.volumePercent) > Math.abs(b.volumePercent) ? a.volumePercent : b.volumePercent,
    doseGy: Math.max(a.doseGy, b.doseGy),
    metric: '',
    coveragePercent: Math.max(a.coveragePercent, b.coveragePercent),
    kept: a.kept && b.kept,
  };
}
