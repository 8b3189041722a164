import { type Random, seededRandom } from '../random.ts';
import { cross, dot, norm, subtract, type Vec3 } from './vec3.ts';

export interface ConvexHull {
  /** Corners of the hull; corners that lie within a face or an edge may be among them. */
  vertices: Vec3[];
  faces: HullFace[];
  volume: number;
  area: number;
}

/** A triangle; several may share a plane, and some may have no area. */
export interface HullFace {
  /** Places in `vertices`, counter-clockwise from outside. */
  corners: [number, number, number];
  /** Places in `faces` across the edges corner 0-1, 1-2 and 2-0. */
  neighbours: [number, number, number];
  /** Unit normal, outward, of the triangle before the points were moved back: defined for triangles without area too. */
  normal: Vec3;
}

interface Face {
  corners: [number, number, number];
  /** Across the edges corner 0-1, 1-2 and 2-0. */
  neighbours: Face[];
  normal: Vec3;
  offset: number;
  /** Points in front of this face, and the farthest of them. */
  outside: number[];
  farthest: number;
  height: number;
  removed: boolean;
}

/**
 * Points on a lattice lie in the same plane by the thousand. They are moved by this share of their extent, by a fixed
 * sequence, before the triangles are sought; areas and volumes are then taken from the points as they were, which is
 * exact because the triangles of a face only divide it differently.
 */
const JITTER = 1e-7;

/** Convex hull of points that do not all lie in one plane, by quickhull (Barber et al., ACM TOMS 1996;22:469). */
export function convexHull(points: readonly Vec3[]): ConvexHull | undefined {
  const moved = jittered(points);
  const first = tetrahedron(moved);
  if (!first) return undefined;
  const faces = [...first];
  const all = points.map((_, n) => n).filter((n) => !first.some((face) => face.corners.includes(n)));
  assign(all, first, moved);
  for (let n = 0; n < faces.length; n++) {
    const face = faces[n];
    if (!face.removed && face.outside.length > 0) faces.push(...addPoint(face, moved));
  }
  return measure(
    faces.filter((face) => !face.removed),
    points,
  );
}

function jittered(points: readonly Vec3[]): Vec3[] {
  const random = seededRandom(1);
  const extents = [0, 1, 2].map((axis) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const point of points) {
      low = Math.min(low, point[axis]);
      high = Math.max(high, point[axis]);
    }
    return high - low;
  });
  return points.map((point) => point.map((x, axis) => x + JITTER * extents[axis] * centred(random)) as Vec3);
}

function centred(random: Random): number {
  return random() - 0.5;
}

/** Four points far apart as the first hull; undefined when all points lie in one plane. */
function tetrahedron(points: Vec3[]): Face[] | undefined {
  const a = farthest(points, (p) => -p[0]);
  const b = farthest(points, (p) => norm(subtract(p, points[a])));
  const edge = subtract(points[b], points[a]);
  const c = farthest(points, (p) => norm(cross(edge, subtract(p, points[a]))));
  const normal = cross(edge, subtract(points[c], points[a]));
  const d = farthest(points, (p) => Math.abs(dot(normal, subtract(p, points[a]))));
  const height = dot(normal, subtract(points[d], points[a]));
  if (!(Math.abs(height) > 1e3 * JITTER * norm(normal) * norm(edge))) return undefined;
  const [p, q] = height < 0 ? [b, c] : [c, b];
  const faces = [
    [a, p, q],
    [a, d, p],
    [p, d, q],
    [q, d, a],
  ].map((corners) => makeFace(corners as Face['corners'], points));
  for (const face of faces) link(face, faces);
  return faces;
}

function farthest(points: Vec3[], measureOf: (point: Vec3) => number): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  points.forEach((point, n) => {
    const value = measureOf(point);
    if (value > most) [best, most] = [n, value];
  });
  return best;
}

function makeFace(corners: Face['corners'], points: Vec3[]): Face {
  const [a, b, c] = corners.map((corner) => points[corner]);
  const normal = cross(subtract(b, a), subtract(c, a));
  const length = norm(normal);
  const unit = normal.map((x) => x / length) as Vec3;
  return {
    corners,
    neighbours: [],
    normal: unit,
    offset: dot(unit, a),
    outside: [],
    farthest: -1,
    height: 0,
    removed: false,
  };
}

/** Finds the faces across each edge among a few. */
function link(face: Face, among: Face[]): void {
  for (let edge = 0; edge < 3; edge++) {
    const from = face.corners[edge];
    const to = face.corners[(edge + 1) % 3];
    const across = among.find((other) => other !== face && hasEdge(other, to, from));
    if (across) face.neighbours[edge] = across;
  }
}

function hasEdge({ corners }: Face, from: number, to: number): boolean {
  return corners.some((corner, n) => corner === from && corners[(n + 1) % 3] === to);
}

/** Gives each point to the first face that it lies in front of; points behind all of them are inside the hull. */
function assign(indices: number[], faces: Face[], points: Vec3[]): void {
  for (const n of indices) {
    const p = points[n];
    for (const face of faces) {
      const { normal } = face;
      const height = normal[0] * p[0] + normal[1] * p[1] + normal[2] * p[2] - face.offset;
      if (height <= 0) continue;
      face.outside.push(n);
      if (height > face.height) {
        face.height = height;
        face.farthest = n;
      }
      break;
    }
  }
}

/** Replaces all faces that the farthest point sees by a cone from it to their rim. Returns the new faces. */
function addPoint(start: Face, points: Vec3[]): Face[] {
  const apex = start.farthest;
  const visible = [start];
  start.removed = true;
  const cone: Face[] = [];
  const byStart = new Map<number, Face>();
  for (let n = 0; n < visible.length; n++) {
    visible[n].neighbours.forEach((neighbour) => {
      if (neighbour.removed) return;
      if (dot(neighbour.normal, points[apex]) > neighbour.offset) {
        neighbour.removed = true;
        visible.push(neighbour);
      }
    });
  }
  for (const face of visible) {
    face.neighbours.forEach((neighbour, edge) => {
      if (neighbour.removed) return;
      const from = face.corners[edge];
      const to = face.corners[(edge + 1) % 3];
      const added = makeFace([from, to, apex], points);
      added.neighbours[0] = neighbour;
      neighbour.neighbours[neighbour.neighbours.indexOf(face)] = added;
      byStart.set(from, added);
      cone.push(added);
    });
  }
  for (const face of cone) {
    const next = byStart.get(face.corners[1])!;
    face.neighbours[1] = next;
    next.neighbours[2] = face;
  }
  assign(
    visible.flatMap((face) => face.outside).filter((n) => n !== apex),
    cone,
    points,
  );
  return cone;
}

function measure(faces: Face[], points: readonly Vec3[]): ConvexHull {
  const placeOfPoint = new Map<number, number>();
  for (const corner of faces.flatMap(({ corners }) => corners)) {
    if (!placeOfPoint.has(corner)) placeOfPoint.set(corner, placeOfPoint.size);
  }
  const vertices = Array.from(placeOfPoint.keys(), (n) => points[n]);
  const placeOfFace = new Map(faces.map((face, place) => [face, place]));
  const found = faces.map(({ corners, neighbours, normal }) => ({
    corners: corners.map((corner) => placeOfPoint.get(corner)!) as HullFace['corners'],
    neighbours: neighbours.map((neighbour) => placeOfFace.get(neighbour)!) as HullFace['neighbours'],
    normal,
  }));
  const origin = vertices[0];
  let volume = 0;
  let area = 0;
  for (const { corners } of found) {
    const [a, b, c] = corners.map((corner) => subtract(vertices[corner], origin));
    volume += dot(a, cross(b, c)) / 6;
    area += norm(cross(subtract(b, a), subtract(c, a))) / 2;
  }
  return { vertices, faces: found, volume, area };
}
