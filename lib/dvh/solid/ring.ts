import type { Shape } from '../../rt/contours/shape.ts';

/** A single loop that is convex but for shallow pockets: counterclockwise, from its lowest vertex. */
export interface Ring {
  /** u0, v0, u1, v1, ... with the first vertex again at the end. */
  points: Float64Array;
  /** Places of the vertices of the convex hull among the points, the first and the last included. */
  hull: Int32Array;
}

/** Pockets that noise of drawing and rounding leaves: their mean depth, mm, and their part of the area, at most. */
const POCKET_MM = 0.25;
const POCKET_PART = 0.05;

/** A shape as a ring; undefined when it has several loops, crosses itself or has deep pockets. */
export function ringOf({ edges, areaMm2, perimeterMm }: Shape): Ring | undefined {
  if (!isOneLoop(edges)) return undefined;
  const { lowest, enclosedMm2 } = lookRound(edges);
  if (!(Math.abs(Math.abs(enclosedMm2) - areaMm2) <= SAME_PART * areaMm2)) return undefined;
  const points = turned(edges, lowest, enclosedMm2 > 0);
  const hull = hullOf(points);
  if (!turnsOnce(points, hull)) return undefined;
  const pocketsMm2 = hullMm2(points, hull) - areaMm2;
  const shallow = pocketsMm2 <= Math.min(POCKET_MM * perimeterMm, POCKET_PART * areaMm2);
  return shallow && pocketsMm2 >= -SAME_PART * areaMm2 ? { points, hull } : undefined;
}

/** Areas that differ by less than this part are the same. */
const SAME_PART = 1e-6;

function isOneLoop(edges: Float64Array): boolean {
  const end = edges.length - 4;
  for (let e = 0; e < end; e += 4) if (edges[e + 2] !== edges[e + 4] || edges[e + 3] !== edges[e + 5]) return false;
  return edges[end + 2] === edges[0] && edges[end + 3] === edges[1];
}

/** The first of the lowest vertices, and the area by the shoelace formula: positive counterclockwise. */
function lookRound(edges: Float64Array): { lowest: number; enclosedMm2: number } {
  let lowest = 0;
  let twice = 0;
  for (let e = 0; e < edges.length; e += 4) {
    const low = edges[4 * lowest + 1];
    if (edges[e + 1] < low || (edges[e + 1] === low && edges[e] < edges[4 * lowest])) lowest = e / 4;
    twice += (edges[e] - edges[0]) * (edges[e + 3] - edges[1]) - (edges[e + 2] - edges[0]) * (edges[e + 1] - edges[1]);
  }
  return { lowest, enclosedMm2: twice / 2 };
}

function turned(edges: Float64Array, first: number, forward: boolean): Float64Array {
  const count = edges.length / 4;
  const points = new Float64Array(2 * count + 2);
  for (let n = 0; n <= count; n++) {
    const at = 4 * ((forward ? first + n : first + count - n) % count);
    points[2 * n] = edges[at];
    points[2 * n + 1] = edges[at + 1];
  }
  return points;
}

/** Scan of Graham along the loop itself: right for loops that are nearly convex, which is what passes the checks. */
function hullOf(points: Float64Array): Int32Array {
  const hull = new Int32Array(points.length / 2);
  let top = 0;
  for (let n = 0; n < hull.length; n++) {
    while (top >= 2 && crossMm2(points, hull[top - 2], hull[top - 1], n) <= 0) top--;
    hull[top++] = n;
  }
  return hull.slice(0, top);
}

function crossMm2(points: Float64Array, a: number, b: number, c: number): number {
  const [u, v] = [points[2 * a], points[2 * a + 1]];
  return (points[2 * b] - u) * (points[2 * c + 1] - v) - (points[2 * c] - u) * (points[2 * b + 1] - v);
}

/** Left turns that rise and then fall go round once. */
function turnsOnce(points: Float64Array, hull: Int32Array): boolean {
  if (hull.length < 4 || hull[0] !== 0 || hull[hull.length - 1] !== points.length / 2 - 1) return false;
  let falls = false;
  for (let h = 1; h < hull.length; h++) {
    const [before, here] = [2 * hull[h - 1], 2 * hull[h]];
    const du = points[here] - points[before];
    const dv = points[here + 1] - points[before + 1];
    if (dv < 0 || (dv === 0 && du < 0)) falls = true;
    else if (falls) return false;
  }
  return falls;
}

function hullMm2(points: Float64Array, hull: Int32Array): number {
  let twice = 0;
  for (let h = 2; h < hull.length; h++) twice += crossMm2(points, 0, hull[h - 1], hull[h]);
  return twice / 2;
}
