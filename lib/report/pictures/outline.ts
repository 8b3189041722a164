import { contours } from 'd3-contour';
import { pathOf, simplify } from '../charts/polyline.ts';

/** In pixels: no point of an outline is off by more. */
const TOLERANCE = 0.2;

/**
 * Closed lines around all that reaches `level` in a picture, by marching squares, as an SVG path in pixels; '' when there
 * is nothing. The centre of the first pixel lies at (0.5, 0.5).
 */
export function outlinePath(values: Float64Array, width: number, height: number, level: number): string {
  const { coordinates } = contours()
    .size([width, height])
    .contour(values as unknown as number[], level);
  return coordinates
    .flat()
    .map((ring) => simplifyRing(ring as [number, number][]))
    .filter((ring) => ring.length > 2)
    .map((ring) => `${pathOf(ring)}Z`)
    .join('');
}

/** Cut in two, so that start and end, which are one point, are no line that all others are measured from. */
function simplifyRing(ring: [number, number][]): [number, number][] {
  const middle = ring.length >> 1;
  const first = simplify(ring.slice(0, middle + 1), TOLERANCE);
  const second = simplify(ring.slice(middle), TOLERANCE);
  return [...first, ...second.slice(1, -1)];
}
