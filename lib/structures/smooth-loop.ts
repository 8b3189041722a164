/**
 * How far a smoothed loop may leave the middles of the sides of voxels, in voxels. Their line passes a voxel's centre at half
 * the half diagonal, 0.354, or farther away; so does any other part of a loop. Below that no centre changes sides and no
 * loop crosses itself or another one.
 */
const MOST_OFF = 0.3;

/**
 * A loop along the sides of voxels made smooth, with fewer points: through the middles of its sides, then simplified as Douglas
 * and Peucker do (1973, doi:10.3138/FM57-6770-U75U-7727). It encloses the same voxel centres.
 * @param corners [x0, y0, x1, y1, ...] as `traceEdges` gives them, without a channel to a hole
 */
export function smoothLoop(corners: number[]): number[] {
  const middles = throughMiddles(corners);
  const count = middles.length / 2;
  const far = farthest(middles, 0);
  const kept = [...between(middles, 0, far), ...between(middles, far, count)];
  return kept.flatMap((point) => [middles[2 * point], middles[2 * point + 1]]);
}

/** Half a voxel before and after each corner; where two corners are one voxel apart, that is one point. */
function throughMiddles(corners: number[]): number[] {
  const points: number[] = [];
  const count = corners.length / 2;
  const at = (corner: number) => {
    const c = 2 * ((corner + count) % count);
    return [corners[c], corners[c + 1]];
  };
  for (let corner = 0; corner < count; corner++) {
    const [x, y] = at(corner);
    const [px, py] = at(corner - 1);
    const [nx, ny] = at(corner + 1);
    const isOneVoxel = Math.abs(x - px) + Math.abs(y - py) === 1;
    if (!isOneVoxel) points.push(x - Math.sign(x - px) / 2, y - Math.sign(y - py) / 2);
    points.push(x + Math.sign(nx - x) / 2, y + Math.sign(ny - y) / 2);
  }
  return points;
}

function farthest(points: number[], from: number): number {
  let best = from;
  let most = -1;
  for (let point = 0; point < points.length / 2; point++) {
    const distance = Math.hypot(points[2 * point] - points[2 * from], points[2 * point + 1] - points[2 * from + 1]);
    if (distance > most) [best, most] = [point, distance];
  }
  return best;
}

/** Points from `first` on to before `last` without which the line would be too far off; `last` may be the first point again. */
function between(points: number[], first: number, last: number): number[] {
  const kept: number[] = [];
  const open: [number, number][] = [[first, last]];
  while (open.length > 0) {
    const [from, to] = open.pop()!;
    const middle = mostOff(points, from, to);
    if (middle === undefined) kept.push(from);
    else open.push([middle, to], [from, middle]);
  }
  return kept;
}

/** The point between two others that lies farthest from the line between them, where that is too far. */
function mostOff(points: number[], from: number, to: number): number | undefined {
  const end = to % (points.length / 2);
  const [x, y] = [points[2 * from], points[2 * from + 1]];
  const [dx, dy] = [points[2 * end] - x, points[2 * end + 1] - y];
  const length = dx * dx + dy * dy;
  let most = MOST_OFF;
  let found: number | undefined;
  for (let point = from + 1; point < to; point++) {
    const [px, py] = [points[2 * point] - x, points[2 * point + 1] - y];
    const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
    const distance = Math.hypot(px - along * dx, py - along * dy);
    if (distance > most) [found, most] = [point, distance];
  }
  return found;
}
