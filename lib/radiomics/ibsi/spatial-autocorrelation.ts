import { smoothLength } from '../../math/fft.ts';
import { transformGrid } from '../../math/fft-grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { Roi } from '../roi.ts';
import { indexOf } from './hull-points.ts';

/**
 * Moran's I (IBSI N365) and Geary's C (NPT7) over all pairs of the region's voxels, weighted by inverse distance. The
 * weights depend on the offset alone, so the sums over pairs are convolutions: sum w x_i x_j = sum x (w * x), and
 * sum w (x_i - x_j)^2 = 2 sum x^2 (w * 1) - 2 sum x (w * x). They are done exactly, but for rounding, by a Fourier
 * transform on a grid large enough that nothing wraps round. A flat region gets 1 for both.
 */
export function spatialAutocorrelation(roi: Roi, values: Float64Array): { moran: number; geary: number } {
  const n = values.length;
  const deviations = centred(values);
  const variation = deviations.reduce((sum, x) => sum + x * x, 0);
  if (n < 2) return { moran: Number.NaN, geary: Number.NaN };
  if (variation === 0) return { moran: 1, geary: 1 };
  const { weighted, weights } = weightedSums(roi, deviations);
  let [total, cross, square] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    total += weights[i];
    cross += deviations[i] * weighted[i];
    square += deviations[i] * deviations[i] * weights[i];
  }
  return {
    moran: (n / total) * (cross / variation),
    geary: ((n - 1) / (2 * total)) * ((2 * square - 2 * cross) / variation),
  };
}

function centred(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  return values.map((value) => value - mean);
}

/** At each voxel the sum over all others of w x (`weighted`) and of w (`weights`): real and imaginary part of one transform. */
function weightedSums(roi: Roi, x: Float64Array): { weighted: Float64Array; weights: Float64Array } {
  const extent = roi.size.map((size) => size - 2 * roi.margin);
  const size = extent.map((cells) => smoothLength(2 * cells - 1)) as Vec3;
  const at = Int32Array.from(roi.voxels, (voxel) => {
    const [i, j, k] = indexOf(voxel, roi.size).map((index) => index - roi.margin);
    return i + size[0] * (j + size[1] * k);
  });
  const re = new Float64Array(size[0] * size[1] * size[2]);
  const im = new Float64Array(re.length);
  at.forEach((cell, i) => {
    re[cell] = x[i];
    im[cell] = 1;
  });
  transformGrid(re, im, size);
  const kernel = inverseDistances(size, roi.spacingMm);
  for (let cell = 0; cell < re.length; cell++) {
    re[cell] *= kernel[cell];
    im[cell] *= kernel[cell];
  }
  transformGrid(im, re, size);
  return { weighted: Float64Array.from(at, (cell) => re[cell]), weights: Float64Array.from(at, (cell) => im[cell]) };
}

/** Transform of 1 / distance on the periodic grid, divided by its size; real, because the weights are even. */
function inverseDistances(size: Vec3, spacingMm: Vec3): Float64Array {
  const [nx, ny, nz] = size;
  const re = new Float64Array(nx * ny * nz);
  const [dx, dy, dz] = size.map((n, axis) =>
    Float64Array.from({ length: n }, (_, i) => (Math.min(i, n - i) * spacingMm[axis]) ** 2),
  );
  for (let k = 0, cell = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, cell++) re[cell] = 1 / (Math.sqrt(dx[i] + dy[j] + dz[k]) * re.length);
    }
  }
  re[0] = 0;
  transformGrid(re, new Float64Array(re.length), size);
  return re;
}
