import type { VoxelArray } from '../../image/grid.ts';

/**
 * (x - mean) / deviation over the whole image (N - 1), clipped at +-`outliers` deviations if given, times `scale`; in double,
 * in the order of operations of ITK's NormalizeImageFilter.
 */
export function normalizeIntensities(data: VoxelArray, scale: number, outliers: number | null): Float64Array {
  let sum = 0;
  let squares = 0;
  for (let p = 0; p < data.length; p++) {
    sum += data[p];
    squares += data[p] * data[p];
  }
  const mean = sum / data.length;
  const factor = 1 / Math.sqrt((squares - (sum * sum) / data.length) / (data.length - 1));
  const out = new Float64Array(data.length);
  for (let p = 0; p < out.length; p++) {
    let x = (data[p] - mean) * factor;
    if (outliers !== null) x = Math.min(Math.max(x, -outliers), outliers);
    out[p] = x * scale;
  }
  return out;
}
