import { dot, norm, normalize, type Vec3 } from '../../math/vec3.ts';
import type { Contour } from '../structure-set.ts';
import { FAR_AWAY_MM, type Flaw, OFF_PLANE_MM } from './contour-flaws.ts';

/** A closed planar contour in patient coordinates, without repeated points. */
export interface SpatialLoop {
  pointsMm: Float64Array;
  centreMm: Vec3;
  normal: Vec3;
  areaMm2: number;
}

const SAME_POINT_MM = 1e-4;
const LEAST_AREA_MM2 = 1e-6;

/** A contour as a loop, or the reason why it cannot be one. */
export function readLoop({ type, pointsMm }: Contour): SpatialLoop | Flaw {
  if (type === 'POINT') return 'CONTOUR_IS_POINT';
  if (type === 'OPEN_PLANAR' || type === 'OPEN_NONPLANAR') return 'CONTOUR_OPEN';
  if (pointsMm.length % 3 !== 0) return 'CONTOUR_POINT_COUNT';
  const farthest = farthestMm(pointsMm);
  if (!Number.isFinite(farthest)) return 'CONTOUR_NOT_NUMERIC';
  if (farthest > FAR_AWAY_MM) return 'CONTOUR_FAR_AWAY';
  const points = withoutStandstill(pointsMm);
  if (points.length < 9) return 'CONTOUR_TOO_FEW_POINTS';
  const centreMm = meanPoint(points);
  const { total, largest } = areaVectors(points, centreMm);
  const areaMm2 = Math.max(norm(total), norm(largest));
  if (areaMm2 < LEAST_AREA_MM2) return 'CONTOUR_WITHOUT_AREA';
  const normal = normalize(norm(total) > LEAST_AREA_MM2 ? total : largest);
  if (offPlaneMm(points, centreMm, normal) > OFF_PLANE_MM) return 'CONTOUR_NOT_PLANAR';
  return { pointsMm: points, centreMm, normal, areaMm2 };
}

/** Largest coordinate; NaN when one is no number. */
function farthestMm(points: Float64Array): number {
  let farthest = 0;
  for (let p = 0; p < points.length; p++) farthest = Math.max(farthest, Math.abs(points[p]));
  return farthest;
}

/** Consecutive points that coincide are one; so are the last and the first. */
function withoutStandstill(points: Float64Array): Float64Array {
  const kept = new Float64Array(points.length);
  let end = 0;
  for (let p = 0; p < points.length; p += 3) {
    const q = p + 3 === points.length ? 0 : p + 3;
    const dx = points[q] - points[p];
    const dy = points[q + 1] - points[p + 1];
    const dz = points[q + 2] - points[p + 2];
    if (dx * dx + dy * dy + dz * dz <= SAME_POINT_MM * SAME_POINT_MM) continue;
    kept[end] = points[p];
    kept[end + 1] = points[p + 1];
    kept[end + 2] = points[p + 2];
    end += 3;
  }
  return kept.subarray(0, end);
}

function meanPoint(points: Float64Array): Vec3 {
  const sum: Vec3 = [0, 0, 0];
  for (let p = 0; p < points.length; p += 3) {
    sum[0] += points[p];
    sum[1] += points[p + 1];
    sum[2] += points[p + 2];
  }
  return sum.map((c) => (c * 3) / points.length) as Vec3;
}

/**
 * The triangles from the centre to every side as vectors, along the normal and as long as the area (Newell): their sum,
 * which is nothing for a figure of eight, and the largest.
 */
function areaVectors(points: Float64Array, [cx, cy, cz]: Vec3): { total: Vec3; largest: Vec3 } {
  const total: Vec3 = [0, 0, 0];
  const largest: Vec3 = [0, 0, 0];
  let largest2 = 0;
  for (let p = 0; p < points.length; p += 3) {
    const q = p + 3 === points.length ? 0 : p + 3;
    const ax = points[p] - cx;
    const ay = points[p + 1] - cy;
    const az = points[p + 2] - cz;
    const bx = points[q] - cx;
    const by = points[q + 1] - cy;
    const bz = points[q + 2] - cz;
    const nx = (ay * bz - az * by) / 2;
    const ny = (az * bx - ax * bz) / 2;
    const nz = (ax * by - ay * bx) / 2;
    total[0] += nx;
    total[1] += ny;
    total[2] += nz;
    const squared = nx * nx + ny * ny + nz * nz;
    if (squared <= largest2) continue;
    largest2 = squared;
    largest[0] = nx;
    largest[1] = ny;
    largest[2] = nz;
  }
  return { total, largest };
}

function offPlaneMm(points: Float64Array, centre: Vec3, normal: Vec3): number {
  const level = dot(centre, normal);
  let most = 0;
  for (let p = 0; p < points.length; p += 3) {
    const height = points[p] * normal[0] + points[p + 1] * normal[1] + points[p + 2] * normal[2];
    most = Math.max(most, Math.abs(height - level));
  }
  return most;
}
