import type { ConvexHull } from '../../math/convex-hull.ts';
import { cross, dot, norm, normalize, subtract, type Vec3 } from '../../math/vec3.ts';

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

/** Triangles that are narrower than this share of a side have no direction of their own. */
const SLIVER = 1e-9;

/**
 * The box of smallest volume among those with one side on a face of the hull (IBSI ZH1A, IQYR). The smallest box of all
 * touches two neighbouring faces in edges (O'Rourke, Int J Comput Inf Sci 1985;14:183) and can be a little smaller.
 */
export function orientedBox(hull: ConvexHull): BoundingSize {
  let best: BoundingSize = axisAlignedBox(hull);
  for (const normal of distinctNormals(hull)) {
    const found = boxOnFace(hull, normal);
    if (found.volume < best.volume) best = found;
  }
  return best;
}

/** One normal for all triangles of a plane, and for opposite planes, whose boxes are the same. */
function distinctNormals({ vertices, faces }: ConvexHull): Vec3[] {
  const found = new Map<string, Vec3>();
  for (const { corners } of faces) {
    const [a, b, c] = corners.map((corner) => vertices[corner]);
    const side = subtract(b, a);
    const normal = cross(side, subtract(c, a));
    if (norm(normal) <= SLIVER * dot(side, side)) continue;
    const unit = normalize(normal);
    const sign = Math.sign(unit.find((x) => Math.abs(x) > 1e-5)!);
    found.set(unit.map((x) => Math.round(sign * x * 1e5)).join(), unit);
  }
  return [...found.values()];
}

function boxOnFace(hull: ConvexHull, normal: Vec3): BoundingSize {
  const height = extentAlong(hull.vertices, normal);
  const u = normalize(cross(normal, Math.abs(normal[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0]));
  const v = cross(normal, u);
  const outline = planarHull(rimSeenAlong(hull, normal).map((p) => [dot(p, u), dot(p, v)]));
  let best: number[] = [];
  let bestArea = Number.POSITIVE_INFINITY;
  for (let n = 0; n < outline.length; n++) {
    const [ax, ay] = outline[n];
    const [bx, by] = outline[(n + 1) % outline.length];
    const length = Math.hypot(bx - ax, by - ay);
    const [c, s] = [(bx - ax) / length, (by - ay) / length];
    const sides = [planarExtent(outline, c, s), planarExtent(outline, -s, c)];
    if (sides[0] * sides[1] < bestArea) [best, bestArea] = [sides, sides[0] * sides[1]];
  }
  return boxOf([height, ...best]);
}

/** Corners of the edges between triangles that face the direction and triangles that do not. */
function rimSeenAlong({ vertices, faces }: ConvexHull, direction: Vec3): Vec3[] {
  const facing = faces.map(({ normal }) => dot(normal, direction) >= 0);
  const rim = new Set<number>();
  faces.forEach(({ corners, neighbours }, n) => {
    if (!facing[n]) return;
    for (let edge = 0; edge < 3; edge++) {
      if (!facing[neighbours[edge]]) rim.add(corners[edge]).add(corners[(edge + 1) % 3]);
    }
  });
  return Array.from(rim, (corner) => vertices[corner]);
}

function planarExtent(points: readonly number[][], x: number, y: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const at = point[0] * x + point[1] * y;
    if (at < low) low = at;
    if (at > high) high = at;
  }
  return high - low;
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
