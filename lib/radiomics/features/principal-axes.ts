import type { Vec3 } from '../../math/vec3.ts';
import type { VoxelRoi } from '../region/roi.ts';

/** Variances, mm², of the voxel centres along their principal axes, descending; population covariance (divided by N). */
export function principalVariances(roi: VoxelRoi): Vec3 {
  const [nx, ny] = roi.size;
  const sums = new Float64Array(3);
  const products = new Float64Array(6);
  for (let s = 0; s < roi.spans.length; s += 2) {
    const start = roi.spans[s];
    const j = Math.floor(start / nx) % ny;
    const k = Math.floor(start / (nx * ny));
    const first = start % nx;
    const last = first + roi.spans[s + 1] - start - 1;
    const count = last - first + 1;
    const sumOfI = (count * (first + last)) / 2;
    sums[0] += sumOfI;
    sums[1] += count * j;
    sums[2] += count * k;
    products[0] += squaresUpTo(last) - squaresUpTo(first - 1);
    products[1] += count * j * j;
    products[2] += count * k * k;
    products[3] += sumOfI * j;
    products[4] += sumOfI * k;
    products[5] += count * j * k;
  }
  const n = roi.voxels.length;
  const [sx, sy, sz] = roi.spacingMm;
  const covariance = (sum: number, a: number, b: number) => (sum - (sums[a] * sums[b]) / n) / n;
  return symmetricEigenvalues(
    covariance(products[0], 0, 0) * sx * sx,
    covariance(products[1], 1, 1) * sy * sy,
    covariance(products[2], 2, 2) * sz * sz,
    covariance(products[3], 0, 1) * sx * sy,
    covariance(products[4], 0, 2) * sx * sz,
    covariance(products[5], 1, 2) * sy * sz,
  );
}

/** 1 + 4 + 9 + ... + n². */
function squaresUpTo(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

/** Eigenvalues of [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]], descending, by cyclic Jacobi rotations. */
export function symmetricEigenvalues(xx: number, yy: number, zz: number, xy: number, xz: number, yz: number): Vec3 {
  const a = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ];
  for (let sweep = 0; sweep < 50; sweep++) {
    if (a[0][1] === 0 && a[0][2] === 0 && a[1][2] === 0) break;
    rotate(a, 0, 1);
    rotate(a, 0, 2);
    rotate(a, 1, 2);
  }
  return [a[0][0], a[1][1], a[2][2]].sort((p, q) => q - p) as Vec3;
}

function rotate(a: number[][], p: number, q: number): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const r = 3 - p - q;
  const [pr, qr, pq] = [a[p][r], a[q][r], a[p][q]];
  a[p][p] -= t * pq;
  a[q][q] += t * pq;
  a[p][q] = a[q][p] = 0;
  a[p][r] = a[r][p] = c * pr - s * qr;
  a[q][r] = a[r][q] = s * pr + c * qr;
}
