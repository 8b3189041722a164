import type { Mask, Volume } from '../../image/grid.ts';
import { pairwiseMean } from '../../math/pairwise-sum.ts';

export interface Resegmentation {
  /** One number: the lower limit alone. */
  range: readonly number[];
  /** absolute: intensities; relative: shares of the region's maximum; sigma: deviations from the region's mean. */
  mode: 'absolute' | 'relative' | 'sigma';
}

/**
 * The voxels of the region whose intensity lies in the closed range. `mask` has the grid of `image`. The limits are
 * numbers of the image's type, as in NumPy: in a float32 image a voxel of 4.1 lies in the range from 4.1.
 */
export function resegment(image: Volume, mask: Mask, { range, mode }: Resegmentation): Mask {
  const sorted = [...range].sort((a, b) => a - b);
  const values = regionValues(image, mask);
  const round = image.data instanceof Float32Array ? Math.fround : (x: number) => x;
  const [low, high = Number.POSITIVE_INFINITY] = LIMITS[mode](values, sorted.map(round), round);
  const data = new Uint8Array(mask.data.length);
  for (let p = 0, n = 0; p < data.length; p++) {
    if (mask.data[p] === 0) continue;
    data[p] = values[n] >= low && values[n] <= high ? 1 : 0;
    n++;
  }
  return { ...mask, data };
}

/** Limits from the values of a region and the range as given; `round` rounds to the image's type after every step. */
type Limits = (values: Float64Array, range: number[], round: (x: number) => number) => number[];

const LIMITS: Record<Resegmentation['mode'], Limits> = {
  absolute: (_, range) => range,
  relative: (values, range, round) => {
    const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return range.map((share) => round(largest * share));
  },
  sigma: (values, range, round) => {
    const mean = pairwiseMean(values, round);
    const squares = values.map((x) => {
      const d = round(x - mean);
      return round(d * d);
    });
    const deviation = round(Math.sqrt(pairwiseMean(squares, round)));
    return range.map((deviations) => round(mean + round(deviation * deviations)));
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
