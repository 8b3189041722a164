import { growBox } from '../../../image/box.ts';
import type { Box } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import { type Block, type Boundary, gather } from './block.ts';

/** A one-dimensional filter: the answer at i is the sum of weights[t] * image[i + offsets[t]]. */
export interface Kernel {
  offsets: number[];
  weights: number[];
}

/** One kernel per axis i, j, k; undefined leaves that axis alone. */
export type Kernels = [Kernel | undefined, Kernel | undefined, Kernel | undefined];

/**
 * The kernel of a true convolution with the filter f of length L: y[i] = sum_k f[k] x[i + d (floor(L/2) - k)].
 * A dilation d > 1 puts holes between the taps (a trous).
 */
export function convolutionKernel(filter: readonly number[], dilation = 1): Kernel {
  const centre = filter.length >> 1;
  return { offsets: filter.map((_, k) => dilation * (centre - k)), weights: [...filter] };
}

export function flipped(kernel: Kernel): Kernel {
  return { offsets: kernel.offsets.map((offset) => -offset), weights: kernel.weights };
}

/** How far the kernels look along each axis, in voxels. */
export function reachOf(kernels: Kernels): Vec3 {
  return kernels.map((kernel) => (kernel ? Math.max(...kernel.offsets.map(Math.abs)) : 0)) as Vec3;
}

/** Filters one axis after the other. `from` must hold `grow(box, reachOf(kernels), ...)`. */
export function convolveSeparable(from: Block, kernels: Kernels, boundary: Boundary, box: Box): Block {
  const reach = reachOf(kernels);
  const padded = growBox(box, reach);
  let data = gather(from, padded, boundary);
  const size = padded.size;
  for (let axis = 0; axis < 3; axis++) {
    const kernel = kernels[axis];
    if (!kernel) continue;
    data = convolveAxis(data, size, axis, kernel, reach[axis]);
    size[axis] -= 2 * reach[axis];
  }
  return { imageSize: from.imageSize, box, data };
}

function convolveAxis(data: Float64Array, size: Vec3, axis: number, kernel: Kernel, reach: number): Float64Array {
  const stride = axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
  const [nx, ny, nz] = size.map((n, a) => (a === axis ? n - 2 * reach : n));
  const taps = kernel.offsets.map((offset, t) => ({ offset, weight: kernel.weights[t] })).filter((tap) => tap.weight);
  const leaps = Int32Array.from(taps, (tap) => (tap.offset + reach) * stride);
  const weights = Float64Array.from(taps, (tap) => tap.weight);
  const count = taps.length;
  const to = new Float64Array(nx * ny * nz);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = size[0] * (j + size[1] * k);
      for (let i = 0; i < nx; i++) {
        let sum = 0;
        for (let t = 0; t < count; t++) sum += weights[t] * data[row + i + leaps[t]];
        to[at++] = sum;
      }
    }
  }
  return to;
}
