import type { Volume } from '../../image/grid.ts';
import { filterLines, secondDerivativeFilter, smoothingFilter } from './recursive-gaussian.ts';

/** Why a sigma gives no image, or undefined when it does: PyRadiomics leaves such images out. */
export function tooSmallForLog(
  size: readonly number[],
  spacingMm: readonly number[],
  sigmaMm: number,
): string | undefined {
  if (Math.min(...size) < 4) return `the image of ${size.join(' x ')} voxels is smaller than 4 in a direction`;
  const axis = size.findIndex((voxels, n) => voxels < Math.ceil(sigmaMm / spacingMm[n]) + 1);
  if (axis < 0) return undefined;
  return `sigma ${sigmaMm} mm needs ${Math.ceil(sigmaMm / spacingMm[axis]) + 1} voxels along ${'ijk'[axis]}, there are ${size[axis]}`;
}

/**
 * Scale-normalised Laplacian of Gaussian as ITK's LaplacianRecursiveGaussianImageFilter: per axis the second derivative,
 * then smoothing along the others, over spacing². Every pass leaves float32 numbers, as there.
 */
export function laplacianOfGaussian(image: Volume, sigmaMm: number): Float32Array {
  const { size, spacingMm } = image.grid;
  const sum = new Float32Array(image.data.length);
  const pass = new Float32Array(image.data.length);
  for (let axis = 0; axis < 3; axis++) {
    const derivative = secondDerivativeFilter(sigmaMm / spacingMm[axis], sigmaMm * sigmaMm);
    filterLines(Float32Array.from(image.data), size, axis, derivative, pass);
    for (let other = 0; other < 3; other++) {
      if (other !== axis) filterLines(pass, size, other, smoothingFilter(sigmaMm / spacingMm[other]), pass);
    }
    const square = spacingMm[axis] * spacingMm[axis];
    for (let p = 0; p < sum.length; p++) sum[p] += pass[p] / square;
  }
  return sum;
}
