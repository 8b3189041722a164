import type { VoxelArray } from '../../image/grid.ts';

/** Maps of the intensities alone, scaled to the largest modulus M of the whole image; always in double (PyRadiomics). */
export type IntensityMap = 'Square' | 'SquareRoot' | 'Logarithm' | 'Exponential';

export function mapIntensities(data: VoxelArray, map: IntensityMap): Float64Array {
  return MAPS[map](data, largestModulus(data));
}

const MAPS: Record<IntensityMap, (data: VoxelArray, largest: number) => Float64Array> = {
  Square: squareMap,
  SquareRoot: squareRootMap,
  Logarithm: logarithmMap,
  Exponential: exponentialMap,
};

/** (c x)², c = 1 / sqrt(M). */
function squareMap(data: VoxelArray, largest: number): Float64Array {
  const out = new Float64Array(data.length);
  const c = 1 / Math.sqrt(largest);
  for (let p = 0; p < out.length; p++) out[p] = (c * data[p]) ** 2;
  return out;
}

/** sign(x) sqrt(|x| M). */
function squareRootMap(data: VoxelArray, largest: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let p = 0; p < out.length; p++) {
    const x = data[p];
    out[p] = x < 0 ? -Math.sqrt(-x * largest) : Math.sqrt(x * largest);
  }
  return out;
}

/** sign(x) ln(|x| + 1), scaled so that its largest modulus is M. */
function logarithmMap(data: VoxelArray, largest: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let p = 0; p < out.length; p++) {
    const x = data[p];
    out[p] = x < 0 ? -Math.log(-(x - 1)) : Math.log(x + 1);
  }
  const scale = largest / largestModulus(out);
  for (let p = 0; p < out.length; p++) out[p] *= scale;
  return out;
}

/** exp(x ln(M) / M). */
function exponentialMap(data: VoxelArray, largest: number): Float64Array {
  const out = new Float64Array(data.length);
  const c = Math.log(largest) / largest;
  for (let p = 0; p < out.length; p++) out[p] = Math.exp(c * data[p]);
  return out;
}

/** NaN when any voxel is not a finite number: then there is nothing to scale to. */
function largestModulus(data: VoxelArray): number {
  let largest = 0;
  for (let p = 0; p < data.length; p++) {
    const modulus = Math.abs(data[p]);
    if (!(modulus < Number.POSITIVE_INFINITY)) return Number.NaN;
    if (modulus > largest) largest = modulus;
  }
  return largest;
}
