import type { Vec3 } from '../../math/vec3.ts';
import { symmetricEigenvalues } from '../features/principal-axes.ts';
import type { BoundingSize } from './bounding-box.ts';

const TERMS = 20;

/**
 * Volume of an ellipsoid with these semi-axes a >= b >= c, and its area as IBSI defines it (RDD2): 4 pi a b times a series of
 * Legendre polynomials in alpha^2 = 1 - b^2/a^2 and beta^2 = 1 - c^2/a^2. The series for the true area has 1 - c^2/a^2 and
 * 1 - c^2/b^2 in their place (Maas, J Comput Appl Math 1994;51:237); the reference values follow the manual: the digital
 * phantom's area density is 1.36 by it, and 1.31 by the true area.
 */
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

/** The search stops when no point lies farther out, and no point that carries the ellipsoid farther in, than by this share. */
const ENCLOSURE = 1e-7;
const MOST_STEPS = 10_000;

/**
 * Semi-axes of the smallest ellipsoid about the points, scaled to hold them all: Khachiyan's ascent (Math Oper Res
 * 1996;21:307) with the away steps of Todd and Yildirim (Discrete Appl Math 2007;155:1731), which make it fast.
 */
export function enclosingEllipsoid(points: readonly Vec3[]): Vec3 {
  const weights = new Float64Array(points.length).fill(1 / points.length);
  const distances = new Float64Array(points.length);
  let inverse: number[] = [];
  let largest = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    inverse = scatterInverse(points, weights, distances);
    const [farthest, nearest] = extremes(distances, weights);
    largest = distances[farthest];
    const out = largest / 3 - 1;
    const inward = 1 - distances[nearest] / 3;
    if (Math.max(out, inward) <= ENCLOSURE) break;
    const point = out > inward ? farthest : nearest;
    const best = (distances[point] - 3) / (4 * distances[point]);
    const share = Math.max(best, -weights[point] / (1 - weights[point]));
    for (let n = 0; n < weights.length; n++) weights[n] *= 1 - share;
    weights[point] = Math.max(weights[point] + share, 0);
  }
  const [xx, yy, zz, xy, xz, yz] = inverse;
  return symmetricEigenvalues(xx, yy, zz, xy, xz, yz).map((value) => Math.sqrt(largest / value)) as Vec3;
}

/** The point that lies farthest out, and of those with weight the one that lies farthest in. */
function extremes(distances: Float64Array, weights: Float64Array): [number, number] {
  let farthest = 0;
  let nearest = -1;
  for (let n = 0; n < distances.length; n++) {
    if (distances[n] > distances[farthest]) farthest = n;
    if (weights[n] > 0 && (nearest < 0 || distances[n] < distances[nearest])) nearest = n;
  }
  return [farthest, nearest];
}

/** Inverse (xx, yy, zz, xy, xz, yz) of the weighted covariance; `distances` gets each point's squared Mahalanobis distance. */
function scatterInverse(points: readonly Vec3[], weights: Float64Array, distances: Float64Array): number[] {
  let [x, y, z, xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let n = 0; n < points.length; n++) {
    const w = weights[n];
    if (w === 0) continue;
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
  const [a, b, c, d, e, f] = inverse;
  for (let n = 0; n < points.length; n++) {
    const u = points[n][0] - x;
    const v = points[n][1] - y;
    const w = points[n][2] - z;
    distances[n] = a * u * u + b * v * v + c * w * w + 2 * (d * u * v + e * u * w + f * v * w);
  }
  return inverse;
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
