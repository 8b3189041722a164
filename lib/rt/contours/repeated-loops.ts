import { differenceMm, scanRows } from '../../math/scan-rows.ts';
import { edgesOf, type Loop } from './group-loops.ts';
import { type Shape, shapeOf } from './shape.ts';

/** Mean distance of two borders up to which they are one drawing stored twice: what rounding leaves, mm. */
const SAME_BORDER_MM = 0.01;
/** How far the boxes around two such borders may differ, mm. */
const SAME_BOX_MM = 0.1;
const LINES = 48;

/**
 * Which loops of a plane repeat an earlier one: by the even-odd rule a loop that is stored twice would cancel itself. What
 * they enclose decides, so that neither the first point, the sense of rotation, a point more nor the sign of zero counts.
 */
export function repeatsOf(loops: Loop[]): boolean[] {
  if (loops.length < 2) return loops.map(() => false);
  const shapes = loops.map((loop) => shapeOf(edgesOf(loop), 0));
  return shapes.map((shape, n) => shapes.slice(0, n).some((earlier) => encloseTheSame(earlier, shape)));
}

function encloseTheSame(a: Shape, b: Shape): boolean {
  const sides = [a.minU - b.minU, a.maxU - b.maxU, a.minV - b.minV, a.maxV - b.maxV];
  if (sides.some((distance) => Math.abs(distance) > SAME_BOX_MM)) return false;
  const low = Math.min(a.minV, b.minV);
  const step = (Math.max(a.maxV, b.maxV) - low) / LINES;
  const [rowsA, rowsB] = [a, b].map(({ edges }) => scanRows(edges, low + step / 2, step, LINES));
  let differenceMm2 = 0;
  for (let r = 0; r < LINES; r++)
    differenceMm2 +=
      step * differenceMm(rowsA.x, rowsA.start[r], rowsA.start[r + 1], rowsB.x, rowsB.start[r], rowsB.start[r + 1]);
  return differenceMm2 <= (SAME_BORDER_MM * (a.perimeterMm + b.perimeterMm)) / 2;
}
