import type { Volume } from '../image/grid.ts';
import type { DoseRange } from './dose-tally.ts';

/** A dose that can be posted to a thread: Gy on a grid, with its extremes. */
export interface DoseField {
  volume: Volume<Float64Array>;
  range: DoseRange;
}

/** Finds the extremes once for all ROIs. */
export function doseField(volume: Volume<Float64Array>): DoseField {
  let [minGy, maxGy] = [Infinity, -Infinity];
  for (const dose of volume.data) {
    if (dose < minGy) minGy = dose;
    if (dose > maxGy) maxGy = dose;
  }
  return { volume, range: { minGy, maxGy } };
}
