import type { Mask, Volume } from '../../image/grid.ts';

export interface Resegmentation {
  /** One number: the lower limit alone. */
  range: readonly number[];
  /** absolute: intensities; relative: shares of the region's maximum; sigma: deviations from the region's mean. */
  mode: 'absolute' | 'relative' | 'sigma';
}

/** The voxels of the region whose intensity lies in the closed range. `mask` has the grid of `image`. */
export function resegment(image: Volume, mask: Mask, { range, mode }: Resegmentation): Mask {
  const sorted = [...range].sort((a, b) => a - b);
  const values = regionValues(image, mask);
  const [low, high = Number.POSITIVE_INFINITY] = LIMITS[mode](values, sorted);
  const data = new Uint8Array(mask.data.length);
  for (let p = 0, n = 0; p < data.length; p++) {
    if (mask.data[p] === 0) continue;
    data[p] = values[n] >= low && values[n] <= high ? 1 : 0;
    n++;
  }
  return { ...mask, data };
}

const LIMITS = {
  absolute: (_: Float64Array, range: number[]) => range,
  relative: (values: Float64Array, range: number[]) => {
    const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return range.map((share) => largest * share);
  },
  sigma: (values: Float64Array, range: number[]) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    return range.map((deviations) => mean + Math.sqrt(variance) * deviations);
  },
};

function regionValues(image: Volume, mask: Mask): Float64Array {
  const values: number[] = [];
  const [bx, by, bz] = mask.box.size;
  const [i0, j0, k0] = mask.box.start;
  const [nx, ny] = image.grid.size;
  for (let k = 0, p = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      const row = i0 + nx * (j0 + j + ny * (k0 + k));
      for (let i = 0; i < bx; i++, p++) if (mask.data[p] !== 0) values.push(image.data[row + i]);
    }
  }
  return Float64Array.from(values);
}
