import type { ConvexHull } from '../../math/convex-hull.ts';
import { cross, dot, normalize, type Vec3 } from '../../math/vec3.ts';

export interface BoundingSize {
  volume: number;
  area: number;
}

/** The smallest box along the axes of the image (IBSI PBX1, R59B). */
export function axisAlignedBox({ vertices }: ConvexHull): BoundingSize {
  const axes: Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  return boxOf(axes.map((axis) => extentAlong(vertices, axis)));
}

/**
 * The box of smallest volume among those with one side on a face of the hull (IBSI ZH1A, IQYR). The smallest box of all
 * touches two neighbouring faces in edges (O'Rourke, Int J Comput Inf Sci 1985;14:183) and can be a little smaller.
 */
export function orientedBox(hull: ConvexHull): BoundingSize {
  let best: BoundingSize = axisAlignedBox(hull);
  const seen = new Set<string>();
  for (const normal of hull.normals) {
    const key = keyOf(normal);
    if (seen.has(key)) continue;
    seen.add(key);
    const found = boxOnFace(hull.vertices, normal);
    if (found.volume < best.volume) best = found;
  }
  return best;
}

/** Opposite faces and faces that differ by rounding give the same boxes. */
function keyOf(normal: Vec3): string {
  const sign = Math.sign(normal.find((x) => Math.abs(x) > 1e-5)!);
  return normal.map((x) => Math.round(sign * x * 1e5)).join();
}

function boxOnFace(vertices: Vec3[], normal: Vec3): BoundingSize {
  const height = extentAlong(vertices, normal);
  const u = normalize(cross(normal, Math.abs(normal[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0]));
  const v = cross(normal, u);
  const outline = planarHull(vertices.map((p) => [dot(p, u), dot(p, v)]));
  let best: number[] = [];
  let bestArea = Number.POSITIVE_INFINITY;
  for (let n = 0; n < outline.length; n++) {
    const [ax, ay] = outline[n];
    const [bx, by] = outline[(n + 1) % outline.length];
    const length = Math.hypot(bx - ax, by - ay);
    const along: Vec3 = [(bx - ax) / length, (by - ay) / length, 0];
    const sides = [along, [-along[1], along[0], 0] as Vec3].map((axis) =>
      extentAlong(
        outline.map(([x, y]) => [x, y, 0]),
        axis,
      ),
    );
    if (sides[0] * sides[1] < bestArea) [best, bestArea] = [sides, sides[0] * sides[1]];
  }
  return boxOf([height, ...best]);
}

function boxOf([a, b, c]: number[]): BoundingSize {
  return { volume: a * b * c, area: 2 * (a * b + a * c + b * c) };
}

function extentAlong(points: readonly Vec3[], axis: Vec3): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const p of points) {
    const at = p[0] * axis[0] + p[1] * axis[1] + p[2] * axis[2];
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return high - low;
}

/** Corners of the convex hull in the plane, counter-clockwise (Andrew's monotone chain). */
function planarHull(points: number[][]): number[][] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  return [sorted, sorted.toReversed()].flatMap((side) => {
    const chain: number[][] = [];
    for (const point of side) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 1e-9) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  });
}

function turn(a: number[], b: number[], c: number[]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
