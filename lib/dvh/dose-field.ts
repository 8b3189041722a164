import type { Volume } from '../image/grid.ts';
import type { DoseRange } from './dose-tally.ts';

/** A dose that can be posted to a thread: Gy on a grid, with its extremes. */
export interface DoseField {
  volume: Volume<Float64Array>;
  range: DoseRange;
}

/** Finds the extremes once for all ROIs. */
export function doseField(volume: Volume<Float64Array>): DoseField {
  let minGy = Infinity;
  let maxGy = -Infinity;
  const { data } = volume;
  for (let n = 0; n < data.length; n++) {
    if (data[n] < minGy) minGy = data[n];
    if (data[n] > maxGy) maxGy = data[n];
  }
  return { volume, range: { minGy, maxGy } };
}
