import type { VoxelRoi } from '../region/roi.ts';

/** Largest distances, mm, between vertices of the mesh; the in-plane ones between vertices of one plane. */
export interface Diameters {
  maximumMm: number;
  /** Planes of equal k, j and i; planes through the midpoints between voxels count too. */
  sliceMm: number;
  columnMm: number;
  rowMm: number;
}

/**
 * Vertices lie halfway between a voxel of the region and a neighbour across a face, so in half voxels they have whole
 * coordinates. Of each row of vertices only the two ends, and of each plane only the corners of their convex hull, can
 * be ends of the longest distance.
 */
export function diameters(roi: VoxelRoi, inside: Uint8Array): Diameters {
  const alongI = vertexRows(roi, inside, 0);
  const alongJ = vertexRows(roi, inside, 1);
  const [hx, hy, hz] = roi.spacingMm.map((spacing) => spacing / 2);
  const slices = planeHulls(alongI, hx, hy, 'outer');
  const columns = planeHulls(alongI, hx, hz, 'inner');
  const rows = planeHulls(alongJ, hy, hz, 'inner');
  return {
    maximumMm: largestDistanceBetween(slices, hz),
    sliceMm: Math.max(...slices.map(largestDistance)),
    columnMm: Math.max(...columns.map(largestDistance)),
    rowMm: Math.max(...rows.map(largestDistance)),
  };
}

/** Ends of the vertices along i (axis 0) or j (axis 1), by the other two coordinates, all in half voxels. */
interface VertexRows {
  /** Half-voxel coordinates of the rows: inner is j or i, outer is k. */
  inner: number;
  outer: number;
  /** low[inner + inners * outer] > high[...] where a row has no vertex. */
  low: Int32Array;
  high: Int32Array;
}

function vertexRows(roi: VoxelRoi, inside: Uint8Array, axis: 0 | 1): VertexRows {
  const [nx, ny, nz] = roi.size;
  const inner = 2 * (axis === 0 ? ny : nx);
  const outer = 2 * nz;
  const low = new Int32Array(inner * outer).fill(0x7fffffff);
  const high = new Int32Array(inner * outer).fill(-1);
  const put = (i: number, j: number, k: number) => {
    const along = axis === 0 ? i : j;
    const row = (axis === 0 ? j : i) + inner * k;
    if (along < low[row]) low[row] = along;
    if (along > high[row]) high[row] = along;
  };
  for (let n = 0; n < roi.voxels.length; n++) {
    const p = roi.voxels[n];
    const i = p % nx;
    const j = Math.floor(p / nx) % ny;
    const k = Math.floor(p / (nx * ny));
    if (inside[p - 1] === 0) put(2 * i - 1, 2 * j, 2 * k);
    if (inside[p + 1] === 0) put(2 * i + 1, 2 * j, 2 * k);
    if (inside[p - nx] === 0) put(2 * i, 2 * j - 1, 2 * k);
    if (inside[p + nx] === 0) put(2 * i, 2 * j + 1, 2 * k);
    if (inside[p - nx * ny] === 0) put(2 * i, 2 * j, 2 * k - 1);
    if (inside[p + nx * ny] === 0) put(2 * i, 2 * j, 2 * k + 1);
  }
  return { inner, outer, low, high };
}

/** Hull corners (mm) of every plane of constant outer (rows within it by inner) or constant inner coordinate. */
function planeHulls(rows: VertexRows, alongMm: number, acrossMm: number, fixed: 'inner' | 'outer'): number[][][] {
  const planes = fixed === 'outer' ? rows.outer : rows.inner;
  const lines = fixed === 'outer' ? rows.inner : rows.outer;
  return Array.from({ length: planes }, (_, plane) => {
    const left: number[][] = [];
    const right: number[][] = [];
    for (let line = 0; line < lines; line++) {
      const row = fixed === 'outer' ? line + rows.inner * plane : plane + rows.inner * line;
      if (rows.high[row] < 0) continue;
      addToChain(left, [rows.low[row] * alongMm, line * acrossMm], 1);
      addToChain(right, [rows.high[row] * alongMm, line * acrossMm], -1);
    }
    return [...left, ...right];
  });
}

/** One side of a convex hull, points coming by ascending second coordinate (Andrew's monotone chain). */
function addToChain(chain: number[][], point: number[], side: 1 | -1): void {
  while (chain.length >= 2) {
    const [ax, ay] = chain[chain.length - 2];
    const [bx, by] = chain[chain.length - 1];
    const turn = (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax);
    if (side * turn < 0) break;
    chain.pop();
  }
  chain.push(point);
}

/**
 * Of points in parallel planes that are `apartMm` from each other. Pairs of planes are visited from the one whose enclosing
 * circles allow the longest distance downwards, until none can exceed the best.
 */
function largestDistanceBetween(planes: readonly number[][][], apartMm: number): number {
  const circles = planes.map(enclosingCircle);
  const pairs: { a: number; b: number; limit: number }[] = [];
  for (let a = 0; a < planes.length; a++) {
    for (let b = 0; b <= a; b++) {
      if (planes[a].length === 0 || planes[b].length === 0) continue;
      const across = Math.hypot(circles[a].x - circles[b].x, circles[a].y - circles[b].y);
      const limit = (across + circles[a].radius + circles[b].radius) ** 2 + ((a - b) * apartMm) ** 2;
      pairs.push({ a, b, limit });
    }
  }
  pairs.sort((p, q) => q.limit - p.limit);
  let best = 0;
  for (const { a, b, limit } of pairs) {
    if (limit * (1 + 1e-12) < best) break;
    best = Math.max(best, largestSquare(planes[a], planes[b]) + ((a - b) * apartMm) ** 2);
  }
  return Math.sqrt(best);
}

/** About the mean of the points: an upper limit of how far they reach. */
function enclosingCircle(points: readonly number[][]): { x: number; y: number; radius: number } {
  let [x, y, radius] = [0, 0, 0];
  for (const point of points) {
    x += point[0] / points.length;
    y += point[1] / points.length;
  }
  for (const point of points) radius = Math.max(radius, Math.hypot(point[0] - x, point[1] - y));
  return { x, y, radius };
}

function largestSquare(from: readonly number[][], to: readonly number[][]): number {
  const [xs, ys] = [0, 1].map((axis) => Float64Array.from(to, (point) => point[axis]));
  let best = 0;
  for (const point of from) {
    const [x, y] = [point[0], point[1]];
    for (let n = 0; n < xs.length; n++) {
      const square = (x - xs[n]) * (x - xs[n]) + (y - ys[n]) * (y - ys[n]);
      if (square > best) best = square;
    }
  }
  return best;
}

/** Points are visited from the farthest of their middle inwards, until no pair can exceed the best. */
function largestDistance(points: readonly number[][]): number {
  const count = points.length;
  if (count < 2) return 0;
  const middle = enclosingCircle(points);
  const radius = points.map((p) => Math.hypot(p[0] - middle.x, p[1] - middle.y));
  const order = points.map((_, n) => n).sort((a, b) => radius[b] - radius[a]);
  const x = Float64Array.from(order, (n) => points[n][0]);
  const y = Float64Array.from(order, (n) => points[n][1]);
  const r = Float64Array.from(order, (n) => radius[n]);
  let best = 0;
  let bestLength = 0;
  for (let a = 0; a < count && r[a] + r[0] > bestLength; a++) {
    for (let b = 0; b < a && r[a] + r[b] > bestLength; b++) {
      const square = (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2;
      if (square <= best) continue;
      best = square;
      bestLength = Math.sqrt(best) * (1 - 1e-12);
    }
  }
  return Math.sqrt(best);
}
