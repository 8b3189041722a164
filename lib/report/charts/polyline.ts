export type Point = [x: number, y: number];

/**
 * The points of a line that are needed so that no other is off by more than `tolerance` (Douglas and Peucker 1973,
 * DOI 10.3138/FM57-6770-U75U-7727).
 */
export function simplify(points: Point[], tolerance: number): Point[] {
  if (points.length < 3) return points;
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [first, last] = range;
    const farthest = farthestFrom(points, first, last);
    if (farthest.distance <= tolerance) continue;
    keep[farthest.index] = 1;
    open.push([first, farthest.index], [farthest.index, last]);
  }
  return points.filter((_, index) => keep[index] === 1);
}

function farthestFrom(points: Point[], first: number, last: number): { index: number; distance: number } {
  const [x0, y0] = points[first];
  const [dx, dy] = [points[last][0] - x0, points[last][1] - y0];
  const length = Math.hypot(dx, dy);
  let found = { index: first, distance: 0 };
  for (let index = first + 1; index < last; index++) {
    const [px, py] = [points[index][0] - x0, points[index][1] - y0];
    const distance = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
    if (distance > found.distance) found = { index, distance };
  }
  return found;
}

/** The `d` of an SVG path through the points, to a tenth of a unit. */
export function pathOf(points: Point[]): string {
  return `M${points.map(([x, y]) => `${tenth(x)} ${tenth(y)}`).join('L')}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
