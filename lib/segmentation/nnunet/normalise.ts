import { BadConfig } from '../../errors.ts';
import type { Plan } from './plans.ts';

const LEAST_DEVIATION = 1e-8;
const RGB_RANGE = 255;

/**
 * Intensities as the network was trained with, in place, in 32-bit numbers as nnU-Net counts.
 * @param mask 1 where the image counts; what lies outside stays as it is when the plan normalises within the mask
 * @throws BadConfig for a plan of CT without the intensities that it clips to
 */
export function normalise(data: Float32Array, mask: Uint8Array | undefined, plan: Plan): void {
  const scheme = plan.normalisation;
  if (scheme === 'CTNormalization') clipAndScale(data, plan);
  else if (scheme === 'ZScoreNormalization') standardise(data, plan.useMask ? mask : undefined);
  else if (scheme === 'RescaleTo01Normalization') rescale(data);
  else if (scheme === 'RGBTo01Normalization') for (let v = 0; v < data.length; v++) data[v] /= RGB_RANGE;
}

function clipAndScale(data: Float32Array, { intensities }: Plan): void {
  if (!intensities) throw new BadConfig('the plan has no intensities of the foreground');
  const low = Math.fround(intensities.percentile_00_5);
  const high = Math.fround(intensities.percentile_99_5);
  const mean = Math.fround(intensities.mean);
  const deviation = Math.fround(Math.max(intensities.std, LEAST_DEVIATION));
  for (let v = 0; v < data.length; v++) {
    const clipped = Math.min(Math.max(data[v], low), high);
    data[v] = Math.fround(clipped - mean) / deviation;
  }
}

function standardise(data: Float32Array, mask: Uint8Array | undefined): void {
  let count = 0;
  let sum = 0;
  for (let v = 0; v < data.length; v++) {
    if (mask && mask[v] === 0) continue;
    count++;
    sum += data[v];
  }
  const mean = sum / count;
  let squares = 0;
  for (let v = 0; v < data.length; v++) if (!mask || mask[v] === 1) squares += (data[v] - mean) ** 2;
  const deviation = Math.fround(Math.max(Math.sqrt(squares / count), LEAST_DEVIATION));
  const centre = Math.fround(mean);
  for (let v = 0; v < data.length; v++) {
    if (!mask || mask[v] === 1) data[v] = Math.fround(data[v] - centre) / deviation;
  }
}

function rescale(data: Float32Array): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < data.length; v++) {
    low = Math.min(low, data[v]);
    high = Math.max(high, data[v]);
  }
  const range = Math.fround(Math.max(Math.fround(high - low), LEAST_DEVIATION));
  for (let v = 0; v < data.length; v++) data[v] = Math.fround(data[v] - low) / range;
}
