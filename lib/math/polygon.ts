import { dot, type Vec3 } from './vec3.ts';

export interface PolygonPlane {
  /** Unit normal, right-handed around the polygon; [0, 0, 0] when the points span no area. */
  normal: Vec3;
  centre: Vec3;
  area: number;
  /** Largest distance of a point from the plane, in the unit of the points. */
  deviation: number;
}

/**
 * The plane of a closed polygon in space by Newell's sums (Sutherland, Sproull & Schumacker 1974): the normal is the
 * area vector, so a few displaced points hardly turn it.
 * @param points x0, y0, z0, x1, ...
 */
export function planeOfPolygon(points: Float64Array): PolygonPlane {
  const centre = meanPoint(points);
  const vector = areaVector(points, centre);
  const area = Math.hypot(vector[0], vector[1], vector[2]);
  if (area === 0) return { normal: [0, 0, 0], centre, area, deviation: 0 };
  const normal: Vec3 = [vector[0] / area, vector[1] / area, vector[2] / area];
  const level = dot(normal, centre);
  let deviation = 0;
  for (let p = 0; p < points.length; p += 3) {
    const distance = normal[0] * points[p] + normal[1] * points[p + 1] + normal[2] * points[p + 2] - level;
    deviation = Math.max(deviation, Math.abs(distance));
  }
  return { normal, centre, area, deviation };
}

/** Half the sum of cross products of neighbours: its length is the area of a planar polygon. */
function areaVector(points: Float64Array, centre: Vec3): Vec3 {
  const sum: Vec3 = [0, 0, 0];
  for (let q = points.length - 3, p = 0; p < points.length; q = p, p += 3) {
    const ax = points[q] - centre[0];
    const ay = points[q + 1] - centre[1];
    const az = points[q + 2] - centre[2];
    const bx = points[p] - centre[0];
    const by = points[p + 1] - centre[1];
    const bz = points[p + 2] - centre[2];
    sum[0] += (ay * bz - az * by) / 2;
    sum[1] += (az * bx - ax * bz) / 2;
    sum[2] += (ax * by - ay * bx) / 2;
  }
  return sum;
}

function meanPoint(points: Float64Array): Vec3 {
  const count = points.length / 3;
  const sum: Vec3 = [0, 0, 0];
  for (let p = 0; p < points.length; p += 3) {
    sum[0] += points[p];
    sum[1] += points[p + 1];
    sum[2] += points[p + 2];
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
