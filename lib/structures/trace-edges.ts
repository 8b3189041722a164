/** Steps to the next corner: right, down, left, up (x grows right, y grows down). */
const STEP_X = [1, 0, -1, 0];
const STEP_Y = [0, 1, 0, -1];

/**
 * Loops of corners around the set pixels of a layer, straight runs joined: [x0, y0, x1, y1, ...] with corner (x, y) at
 * the upper left of pixel (x, y). Pixels lie to the right of the way, so outer borders and holes turn opposite ways; where
 * two pixels touch by a corner only, their loops stay apart.
 */
export function traceEdges(layer: Uint8Array, width: number, height: number): number[][] {
  const isSet = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && layer[x + width * y] === 1;
  const visited = new Uint8Array((width + 1) * (height + 1));
  const loops: number[][] = [];
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; x++) {
      const above = isSet(x, y - 1);
      if (isSet(x, y) === above) continue;
      const start = above ? { x: x + 1, y, heading: 2 } : { x, y, heading: 0 };
      if ((visited[start.x + (width + 1) * start.y] >> start.heading) & 1) continue;
      loops.push(follow(start, isSet, visited, width + 1));
    }
  }
  return loops;
}

/** Corners of the loop at which it turns; marks each edge by its first corner and heading. */
function follow(
  start: { x: number; y: number; heading: number },
  isSet: (x: number, y: number) => boolean,
  visited: Uint8Array,
  stride: number,
): number[] {
  const corners: number[] = [];
  let { x, y, heading } = start;
  do {
    visited[x + stride * y] |= 1 << heading;
    x += STEP_X[heading];
    y += STEP_Y[heading];
    const next = turn(x, y, heading, isSet);
    if (next !== heading) corners.push(x, y);
    heading = next;
  } while (x !== start.x || y !== start.y || heading !== start.heading);
  return corners;
}

/** Keep a set pixel on the right and an empty one on the left: turn right first, then go on, then turn left. */
function turn(x: number, y: number, heading: number, isSet: (x: number, y: number) => boolean): number {
  for (const change of [1, 0, 3]) {
    const next = (heading + change) % 4;
    if (isSet(...pixelBeside(x, y, next, true)) && !isSet(...pixelBeside(x, y, next, false))) return next;
  }
  return (heading + 2) % 4;
}

/** The pixel to the right or left of the edge that leaves corner (x, y) with a heading. */
function pixelBeside(x: number, y: number, heading: number, right: boolean): [number, number] {
  const quarter = right ? heading : (heading + 3) % 4;
  return [x - (quarter === 1 || quarter === 2 ? 1 : 0), y - (quarter === 2 || quarter === 3 ? 1 : 0)];
}
