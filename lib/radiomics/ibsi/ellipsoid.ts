import type { Vec3 } from '../../math/vec3.ts';
import { symmetricEigenvalues } from '../features/principal-axes.ts';
import type { BoundingSize } from './bounding-box.ts';

/** Terms of the series for the area: enough for 12 digits unless the ellipsoid is a needle or a disc. */
const TERMS = 20;

/** Volume and area of an ellipsoid with these semi-axes. The area is IBSI's series of Legendre polynomials (RDD2). */
export function ellipsoid(semiAxes: Vec3): BoundingSize {
  const [a, b, c] = [...semiAxes].sort((p, q) => q - p);
  const alpha = Math.sqrt(1 - (b * b) / (a * a));
  const beta = Math.sqrt(1 - (c * c) / (a * a));
  return { volume: (4 / 3) * Math.PI * a * b * c, area: 4 * Math.PI * a * b * areaSeries(alpha, beta) };
}

/** sum (alpha beta)^n / (1 - 4 n^2) P_n(x), x = (alpha^2 + beta^2) / (2 alpha beta), with (alpha beta)^n P_n by recursion. */
function areaSeries(alpha: number, beta: number): number {
  const product = alpha * beta;
  const half = (alpha * alpha + beta * beta) / 2;
  let before = 0;
  let term = 1;
  let sum = 0;
  for (let n = 0; n <= TERMS; n++) {
    sum += term / (1 - 4 * n * n);
    const next = ((2 * n + 1) * half * term - n * product * product * before) / (n + 1);
    before = term;
    term = next;
  }
  return sum;
}

/** Khachiyan's algorithm stops when no point lies farther out than by this share. */
const ENCLOSURE = 1e-6;
const MOST_STEPS = 100_000;

/** Semi-axes of the smallest ellipsoid about the points (Khachiyan, Math Oper Res 1996;21:307), scaled to hold them all. */
export function enclosingEllipsoid(points: readonly Vec3[]): Vec3 {
  const weights = new Float64Array(points.length).fill(1 / points.length);
  let inverse: number[] = [];
  let centre: Vec3 = [0, 0, 0];
  let largest = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    ({ inverse, centre } = scatter(points, weights));
    let farthest = 0;
    largest = 0;
    for (let n = 0; n < points.length; n++) {
      const distance = quadratic(inverse, points[n], centre);
      if (distance > largest) [largest, farthest] = [distance, n];
    }
    if (largest <= 3 * (1 + ENCLOSURE)) break;
    const share = (largest - 3) / (4 * largest);
    for (let n = 0; n < points.length; n++) weights[n] *= 1 - share;
    weights[farthest] += share;
  }
  const [xx, yy, zz, xy, xz, yz] = inverse;
  return symmetricEigenvalues(xx, yy, zz, xy, xz, yz).map((value) => Math.sqrt(largest / value)) as Vec3;
}

/** Weighted mean of the points and the inverse (xx, yy, zz, xy, xz, yz) of their weighted covariance. */
function scatter(points: readonly Vec3[], weights: Float64Array): { centre: Vec3; inverse: number[] } {
  let [x, y, z, xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < points.length; n++) {
    const w = weights[n];
    const p = points[n];
    x += w * p[0];
    y += w * p[1];
    z += w * p[2];
    xx += w * p[0] * p[0];
    yy += w * p[1] * p[1];
    zz += w * p[2] * p[2];
    xy += w * p[0] * p[1];
    xz += w * p[0] * p[2];
    yz += w * p[1] * p[2];
  }
  const inverse = inverseOf(xx - x * x, yy - y * y, zz - z * z, xy - x * y, xz - x * z, yz - y * z);
  return { centre: [x, y, z], inverse };
}

function inverseOf(xx: number, yy: number, zz: number, xy: number, xz: number, yz: number): number[] {
  const cofactors = [
    yy * zz - yz * yz,
    xx * zz - xz * xz,
    xx * yy - xy * xy,
    xz * yz - xy * zz,
    xy * yz - xz * yy,
    xy * xz - xx * yz,
  ];
  const determinant = xx * cofactors[0] + xy * cofactors[3] + xz * cofactors[4];
  return cofactors.map((cofactor) => cofactor / determinant);
}

function quadratic([xx, yy, zz, xy, xz, yz]: number[], point: Vec3, centre: Vec3): number {
  const x = point[0] - centre[0];
  const y = point[1] - centre[1];
  const z = point[2] - centre[2];
  return xx * x * x + yy * y * y + zz * z * z + 2 * (xy * x * y + xz * x * z + yz * y * z);
}
