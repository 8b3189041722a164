import { type Finding, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { planeOfPolygon } from '../math/polygon.ts';
import { multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';
import type { Contour } from '../rt/structure-set.ts';

/** Loops of one ROI in one plane. */
export interface ContourPlane {
  /** Distance of the plane along the stack's normal from voxel (0, 0, 0), mm. */
  levelMm: number;
  /** Corners in the frame of the grid, mm along i, j and k from voxel (0, 0, 0): x0, y0, z0, x1, ... */
  loops: Float64Array[];
  /** The largest slab thickness that a contour of the plane states. */
  slabThicknessMm?: number;
}

/** Parallel contour planes, by ascending level. */
export interface PlaneStack {
  /** The axis of the grid (0, 1, 2) nearest to the normal. */
  axis: number;
  /** Unit normal in the frame of the grid; positive along `axis`, and exactly that axis when the planes lie so. */
  normal: Vec3;
  /** How far voxels reach along the normal, mm. */
  stepMm: number;
  planes: ContourPlane[];
}

/** A contour counts as lying in a plane when its points stay within this part of a voxel. */
const PLANAR_PART = 0.25;
/** Loops whose planes differ by less are in one plane: writers round coordinates. */
const SAME_PLANE_MM = 0.1;
const COS_SAME_ORIENTATION = Math.cos((3 * Math.PI) / 180);

/** Closed contours as stacks of parallel planes in the frame of the grid: one stack but for odd data. */
export function stackContours(contours: Contour[], grid: Grid, where: string, findings: Finding[]): PlaneStack[] {
  const loops = contours.map((contour) => toLoop(contour, grid));
  const groups = groupByOrientation(loops, grid);
  if (groups.length > 1) {
    const message = `the contours lie in ${groups.length} orientations; their regions are united`;
    findings.push(finding('CONTOURS_IN_SEVERAL_ORIENTATIONS', where, message));
  }
  const stacks = groups.map((group) => ({ ...group.frame, planes: planesOf(group, where, findings) }));
  if (stacks.some((stack) => stack.axis !== 2 || !isParallelToAxis(stack))) {
    const message = 'the contour planes are not parallel to the slices of the image';
    findings.push(finding('CONTOURS_NOT_PARALLEL_TO_SLICES', where, message));
  }
  return stacks;
}

export function isParallelToAxis({ axis, normal }: Pick<PlaneStack, 'axis' | 'normal'>): boolean {
  return normal[axis] === 1;
}

interface Loop {
  type: Contour['type'];
  points: Float64Array;
  normal: Vec3;
  area: number;
  slabThicknessMm?: number;
}

interface Group {
  frame: Omit<PlaneStack, 'planes'>;
  loops: Loop[];
}

function toLoop(contour: Contour, grid: Grid): Loop {
  const points = new Float64Array(contour.pointsMm.length);
  for (let p = 0; p < points.length; p += 3) {
    const point: Vec3 = [contour.pointsMm[p], contour.pointsMm[p + 1], contour.pointsMm[p + 2]];
    points.set(multiplyTransposed(grid.direction, subtract(point, grid.originMm)), p);
  }
  const plane = planeOfPolygon(points);
  const normal = plane.area > 0 ? plane.normal : flattestAxis(points);
  return { type: contour.type, points, normal, area: plane.area, slabThicknessMm: contour.slabThicknessMm };
}

/** For the figure of eight, whose two halves cancel in the area vector. */
function flattestAxis(points: Float64Array): Vec3 {
  const axes: Vec3[] = [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ];
  const spreads = axes.map((axis) => spreadAlong(points, axis));
  return axes[spreads.indexOf(Math.min(...spreads))];
}

/** The largest loops decide: the normal of a small one is mostly noise. */
function groupByOrientation(loops: Loop[], grid: Grid): Group[] {
  const groups: Group[] = [];
  for (const loop of loops.toSorted((a, b) => b.area - a.area)) {
    const group = groups.find(({ frame }) => liesIn(loop, frame));
    if (group) group.loops.push(loop);
    else groups.push({ frame: frameOf(loop, grid), loops: [loop] });
  }
  return groups;
}

function liesIn(loop: Loop, { normal, stepMm }: Group['frame']): boolean {
  const cosine = normal[0] * loop.normal[0] + normal[1] * loop.normal[1] + normal[2] * loop.normal[2];
  return Math.abs(cosine) > COS_SAME_ORIENTATION || spreadAlong(loop.points, normal) <= PLANAR_PART * stepMm;
}

function frameOf(loop: Loop, grid: Grid): Group['frame'] {
  const sizes = loop.normal.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  const along: Vec3 = [0, 0, 0];
  along[axis] = 1;
  if (spreadAlong(loop.points, along) <= PLANAR_PART * grid.spacingMm[axis])
    return { axis, normal: along, stepMm: grid.spacingMm[axis] };
  const sign = Math.sign(loop.normal[axis]);
  const normal: Vec3 = [sign * loop.normal[0], sign * loop.normal[1], sign * loop.normal[2]];
  return { axis, normal, stepMm: Math.max(...sizes.map((size, a) => size * grid.spacingMm[a])) };
}

function planesOf(group: Group, where: string, findings: Finding[]): ContourPlane[] {
  const { normal, stepMm } = group.frame;
  const tolerance = Math.min(SAME_PLANE_MM, PLANAR_PART * stepMm);
  const levels = group.loops
    .map((loop) => ({ loop, level: meanAlong(loop.points, normal) }))
    .sort((a, b) => a.level - b.level);
  const planes: { levelMm: number; loops: Loop[] }[] = [];
  for (const { loop, level } of levels) {
    const last = planes.at(-1);
    if (last && level - last.levelMm <= tolerance) last.loops.push(loop);
    else planes.push({ levelMm: level, loops: [loop] });
  }
  const distinct = planes.map((plane) => ({ ...plane, loops: plane.loops.filter(isFirstOfItsKind) }));
  const dropped = group.loops.length - distinct.reduce((sum, plane) => sum + plane.loops.length, 0);
  if (dropped > 0) {
    const message = `${dropped} contours repeat another one of the same plane and are counted once`;
    findings.push(finding('CONTOUR_REPEATED', where, message));
  }
  return distinct.map(({ levelMm, loops }) => {
    const stated = loops.map((loop) => loop.slabThicknessMm ?? 0);
    const thickest = Math.max(...stated);
    return {
      levelMm,
      loops: loops.map((loop) => loop.points),
      slabThicknessMm: thickest > 0 ? thickest : undefined,
    };
  });
}

/** By even-odd a loop that is written twice would cancel itself; only the XOR type asks for that. */
function isFirstOfItsKind(loop: Loop, at: number, loops: Loop[]): boolean {
  if (loop.type === 'CLOSEDPLANAR_XOR') return true;
  return !loops.slice(0, at).some((other) => sameCorners(loop.points, other.points));
}

/** The same corners from any start and in either sense. */
function sameCorners(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  const count = a.length / 3;
  for (let start = 0; start < count; start++) {
    for (const step of [1, -1]) {
      let p = 0;
      while (p < count && sameCorner(a, p, b, (start + step * p + count) % count)) p++;
      if (p === count) return true;
    }
  }
  return false;
}

function sameCorner(a: Float64Array, p: number, b: Float64Array, q: number): boolean {
  return (
    Math.abs(a[3 * p] - b[3 * q]) < 1e-6 &&
    Math.abs(a[3 * p + 1] - b[3 * q + 1]) < 1e-6 &&
    Math.abs(a[3 * p + 2] - b[3 * q + 2]) < SAME_PLANE_MM
  );
}

function spreadAlong(points: Float64Array, normal: Vec3): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let p = 0; p < points.length; p += 3) {
    const level = normal[0] * points[p] + normal[1] * points[p + 1] + normal[2] * points[p + 2];
    if (level < low) low = level;
    if (level > high) high = level;
  }
  return high - low;
}

function meanAlong(points: Float64Array, normal: Vec3): number {
  let sum = 0;
  for (let p = 0; p < points.length; p += 3)
    sum += normal[0] * points[p] + normal[1] * points[p + 1] + normal[2] * points[p + 2];
  return sum / (points.length / 3);
}
