import { convolveEven, paddedSize } from '../../math/even-convolution.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { VoxelRoi } from '../region/roi.ts';
import { indexOf } from './hull-points.ts';

/** Cells of the padded grid, 8 bytes each: a region of 25 cm in every direction at 1 mm. */
export const MAX_CELLS = 1 << 27;

/**
 * Moran's I (IBSI N365) and Geary's C (NPT7) over all pairs of the region's voxels, weighted by inverse distance. The
 * weights depend on the offset alone, so the sums over pairs are convolutions: sum w x_i x_j = sum x (w * x), and
 * sum w (x_i - x_j)^2 = 2 sum x^2 (w * 1) - 2 sum x (w * x). They are done exactly, but for rounding, by a Fourier
 * transform on a grid large enough that nothing wraps round. A flat region gets 1 for both, a region whose grid would need
 * more than `MAX_CELLS` gets no number.
 */
export function spatialAutocorrelation(roi: VoxelRoi, values: Float64Array): { moran: number; geary: number } {
  const n = values.length;
  const deviations = centred(values);
  const variation = deviations.reduce((sum, x) => sum + x * x, 0);
  if (n < 2 || cellCount(roi) > MAX_CELLS) return { moran: Number.NaN, geary: Number.NaN };
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

/** Cells of the grid that tells all offsets between voxels of the region apart. */
export function cellCount(roi: VoxelRoi): number {
  return paddedSize(boxSize(roi)).reduce((product, cells) => product * cells, 1);
}

function boxSize(roi: VoxelRoi): Vec3 {
  return roi.size.map((size) => size - 2 * roi.margin) as Vec3;
}

function centred(values: Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  return values.map((value) => value - mean);
}

/** At each voxel the sum over all others of w x (`weighted`) and of w (`weights`): real and imaginary part of one sum. */
function weightedSums(roi: VoxelRoi, x: Float64Array): { weighted: Float64Array; weights: Float64Array } {
  const size = boxSize(roi);
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
  const [sx, sy, sz] = roi.spacingMm;
  const inverseDistance = (di: number, dj: number, dk: number) =>
    di + dj + dk === 0 ? 0 : 1 / Math.sqrt((di * sx) ** 2 + (dj * sy) ** 2 + (dk * sz) ** 2);
  const sums = convolveEven(re, im, size, inverseDistance);
  return {
    weighted: Float64Array.from(at, (cell) => sums.re[cell]),
    weights: Float64Array.from(at, (cell) => sums.im[cell]),
  };
}
