/** The way from a border to a hole: along the upper side of a row of pixels that are all set. */
interface Channel {
  y: number;
  hole: number;
  /** The corner of the hole at which it is entered. */
  corner: number;
}

/**
 * Joins every hole with the border around it by a channel of no width, as PS3.3 C.8.8.6.3 has it ("keyhole"): each loop
 * then stands for itself, also for programs that do not subtract one loop from another.
 * @param loops of one layer, as `traceEdges` gives them
 * @returns the outer borders, holes in them
 */
export function joinHoles(loops: number[][]): number[][] {
  const isHole = loops.map((loop) => signedArea(loop) < 0);
  if (!isHole.includes(true)) return loops;
  const channels = channelsOf(loops, isHole);
  return loops.flatMap((_, loop) => (isHole[loop] ? [] : [closed(walk(loop, 0, loops, channels, []))]));
}

/** Channels by loop and by the corner at which the edge begins that they leave, in the order of the way along it. */
function channelsOf(loops: number[][], isHole: boolean[]): Map<number, Channel[]>[] {
  const edges = verticalEdges(loops);
  const channels = loops.map(() => new Map<number, Channel[]>());
  for (const [hole, corners] of loops.entries()) {
    if (!isHole[hole]) continue;
    const corner = upperLeft(corners);
    const y = corners[2 * corner + 1];
    let x = corners[2 * corner] - 1;
    while (!edges.has(keyOf(x, y))) x--;
    const edge = edges.get(keyOf(x, y))!;
    const there = channels[edge.loop].get(edge.corner) ?? [];
    channels[edge.loop].set(edge.corner, [...there, { y, hole, corner }]);
  }
  for (const [loop, own] of channels.entries())
    for (const [corner, there] of own) {
      const isDownward = cornerAt(loops[loop], corner + 1)[1] > cornerAt(loops[loop], corner)[1];
      there.sort((a, b) => (isDownward ? a.y - b.y : b.y - a.y));
    }
  return channels;
}

/** The loop and the corner before the edge at the left side of pixel (x, y), for all pixels that have one. */
function verticalEdges(loops: number[][]): Map<number, { loop: number; corner: number }> {
  const edges = new Map<number, { loop: number; corner: number }>();
  for (const [loop, corners] of loops.entries())
    for (let corner = 0; corner < corners.length / 2; corner++) {
      const [x, y] = cornerAt(corners, corner);
      const [nextX, nextY] = cornerAt(corners, corner + 1);
      if (nextX !== x) continue;
      for (let row = Math.min(y, nextY); row < Math.max(y, nextY); row++) edges.set(keyOf(x, row), { loop, corner });
    }
  return edges;
}

/** A layer has fewer than a million columns. */
function keyOf(x: number, y: number): number {
  return x + 1e6 * y;
}

/**
 * All corners of a loop from one corner on, with the loops at the ends of its channels; recursion is not deeper than
 * the number of columns.
 */
function walk(
  loop: number,
  first: number,
  loops: number[][],
  channels: Map<number, Channel[]>[],
  points: number[],
): number[] {
  const corners = loops[loop];
  const count = corners.length / 2;
  for (let n = 0; n < count; n++) {
    const corner = (first + n) % count;
    const [x, y] = cornerAt(corners, corner);
    add(points, x, y);
    for (const channel of channels[loop].get(corner) ?? []) {
      add(points, x, channel.y);
      walk(channel.hole, channel.corner, loops, channels, points);
      add(points, ...cornerAt(loops[channel.hole], channel.corner));
      add(points, x, channel.y);
    }
  }
  return points;
}

function add(points: number[], x: number, y: number): void {
  if (points.at(-2) !== x || points.at(-1) !== y) points.push(x, y);
}

/** A channel at the last corner leads back to the first. */
function closed(points: number[]): number[] {
  return points[0] === points.at(-2) && points[1] === points.at(-1) ? points.slice(0, -2) : points;
}

/** The leftmost corner, of several the upper one: the pixel below and to the left of it is set. */
function upperLeft(corners: number[]): number {
  let best = 0;
  for (let corner = 1; corner < corners.length / 2; corner++) {
    const [x, y] = cornerAt(corners, corner);
    const [bestX, bestY] = cornerAt(corners, best);
    if (x < bestX || (x === bestX && y < bestY)) best = corner;
  }
  return best;
}

function cornerAt(corners: number[], corner: number): [number, number] {
  const at = (2 * corner) % corners.length;
  return [corners[at], corners[at + 1]];
}

/** Positive for outer borders, whose pixels lie to the right of the way. */
function signedArea(corners: number[]): number {
  let sum = 0;
  for (let corner = 0; corner < corners.length / 2; corner++) {
    const [x, y] = cornerAt(corners, corner);
    const [nextX, nextY] = cornerAt(corners, corner + 1);
    sum += x * nextY - nextX * y;
  }
  return sum / 2;
}
