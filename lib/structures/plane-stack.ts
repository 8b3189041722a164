import { type Finding, finding } from '../findings.ts';
import type { Grid } from '../image/grid.ts';
import { multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';
import type { ContourPlane, ContourStack } from '../rt/contours/contour-planes.ts';

/** Parallel contour planes of a ROI in the frame of a grid: mm along i, j and k from voxel (0, 0, 0). */
export interface PlaneStack {
  /** The axis of the grid (0, 1, 2) nearest to the normal. */
  axis: number;
  /** Unit normal in the frame of the grid; positive along `axis`, and exactly that axis when the planes lie so. */
  normal: Vec3;
  /** How far voxels reach along the normal, mm. */
  stepMm: number;
  /** By ascending level. */
  planes: GridPlane[];
}

/** Loops of one ROI in one plane. */
export interface GridPlane {
  /** Distance of the plane along the stack's normal from voxel (0, 0, 0), mm. */
  levelMm: number;
  /** Corners x0, y0, z0, x1, ... */
  loops: Float64Array[];
}

/** Planes count as parallel to an axis of the grid when no point leaves its plane by more than this part of a voxel. */
const PLANAR_PART = 0.25;

/** Contour planes as a grid sees them. Where the normal points against the axis, the order of the planes turns round. */
export function placeInFrame({ axes, planes }: ContourStack, grid: Grid): { stack: PlaneStack; turned: boolean } {
  const towards = multiplyTransposed(grid.direction, axes.normal);
  const sizes = towards.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  const turned = towards[axis] < 0;
  const ordered = (turned ? planes.toReversed() : planes).map((plane) => loopsInGrid(plane, grid));
  const along: Vec3 = [0, 0, 0];
  along[axis] = 1;
  const isFlat = ordered.every((loops) =>
    loops.every((loop) => spreadAlong(loop, along) <= PLANAR_PART * grid.spacingMm[axis]),
  );
  const sign = turned ? -1 : 1;
  const normal: Vec3 = isFlat ? along : [sign * towards[0], sign * towards[1], sign * towards[2]];
  const stepMm = isFlat ? grid.spacingMm[axis] : Math.max(...sizes.map((size, a) => size * grid.spacingMm[a]));
  const levels = ordered.map((loops) => ({ levelMm: meanAlong(loops[0], normal), loops }));
  return { stack: { axis, normal, stepMm, planes: levels }, turned };
}

export function isParallelToAxis({ axis, normal }: Pick<PlaneStack, 'axis' | 'normal'>): boolean {
  return normal[axis] === 1;
}

/** Says so when the planes are not parallel to the slices of the image. */
export function tiltFindings(stack: PlaneStack, where: string): Finding[] {
  if (stack.axis === 2 && isParallelToAxis(stack)) return [];
  const message = 'the contour planes are not parallel to the slices of the image';
  return [finding('CONTOURS_NOT_PARALLEL_TO_SLICES', where, message)];
}

function loopsInGrid({ loops }: ContourPlane, grid: Grid): Float64Array[] {
  return loops.map((loop) => {
    const points = new Float64Array(loop.length);
    for (let p = 0; p < points.length; p += 3) {
      const point: Vec3 = [loop[p], loop[p + 1], loop[p + 2]];
      points.set(multiplyTransposed(grid.direction, subtract(point, grid.originMm)), p);
    }
    return points;
  });
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
