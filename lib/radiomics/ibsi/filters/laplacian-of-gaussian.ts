import type { Box } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import type { Block } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { convolveSeparable, type Kernel, type Kernels, reachOf } from './separable.ts';

/**
 * Laplacian of Gaussian, IBSI L6PA: -1/s^2 (1/(s sqrt(2 pi)))^D (D - r^2/s^2) exp(-r^2/(2 s^2)), s in voxels, cut off at
 * floor(truncate s + 1/2) voxels along each axis; neither renormalised nor scaled by s^2. It is the sum over the axes of
 * the second derivative along that axis and the Gaussian along the others, so every term is separable. Voxels that are
 * not cubes get their own s per axis and derivatives per voxel of the first axis.
 */
export function laplacianOfGaussian(filter: FilterOf<'log'>, context: FilterContext, box: Box): Block {
  const terms = logTerms(filter.sigmaMm, filter.truncate, context.spacingMm, context.flat);
  const source = context.image(box, reachOf(terms[0]), filter.boundary);
  const responses = terms.map((kernels) => convolveSeparable(source, kernels, filter.boundary, box));
  const [sum, ...others] = responses;
  for (const { data } of others) for (let i = 0; i < data.length; i++) sum.data[i] += data[i];
  return sum;
}

/** The separable terms whose sum is the kernel. */
export function logTerms(sigmaMm: number, truncate: number, spacingMm: Vec3, flat: boolean): Kernels[] {
  const axes = flat ? [0, 1] : [0, 1, 2];
  return axes.map(
    (derived) =>
      [0, 1, 2].map((axis) => {
        if (!axes.includes(axis)) return undefined;
        const sigma = sigmaMm / spacingMm[axis];
        const gaussian = gaussianKernel(sigma, Math.floor(truncate * sigma + 0.5));
        return axis === derived ? secondDerivative(gaussian, sigma, sigmaMm / spacingMm[0]) : gaussian;
      }) as Kernels,
  );
}

function gaussianKernel(sigma: number, reach: number): Kernel {
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
  const weights = offsets.map((x) => Math.exp(-(x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI)));
  return { offsets, weights };
}

function secondDerivative(gaussian: Kernel, sigma: number, firstAxisSigma: number): Kernel {
  const weights = gaussian.weights.map((weight, k) => {
    const x = gaussian.offsets[k] / sigma;
    return (weight * (x * x - 1)) / (firstAxisSigma * firstAxisSigma);
  });
  return { offsets: gaussian.offsets, weights };
}
