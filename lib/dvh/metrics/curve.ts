/** A cumulative dose-volume histogram: volume in cc that gets at least each dose in Gy, linear in between. */
export interface DvhCurve {
  /** Ascending, from the least to the greatest dose of the solid. */
  doseGy: Float64Array;
  /** Falling, from the covered volume to 0. */
  volumeCc: Float64Array;
}

/** Volume with at least this dose, cc. */
export function volumeAtDoseCc({ doseGy, volumeCc }: DvhCurve, dose: number): number {
  const last = doseGy.length - 1;
  if (!(dose > doseGy[0])) return volumeCc[0];
  if (dose > doseGy[last]) return 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (doseGy[middle] < dose) low = middle;
    else high = middle;
  }
  const t = (dose - doseGy[low]) / (doseGy[high] - doseGy[low]);
  return volumeCc[low] + t * (volumeCc[high] - volumeCc[low]);
}

/**
 * Greatest dose that at least this volume gets: D100% is the minimum, D0% the maximum. NaN for more volume than there
 * is.
 */
export function doseAtVolumeGy({ doseGy, volumeCc }: DvhCurve, volume: number): number {
  const total = volumeCc[0];
  if (!(volume <= total * (1 + 1e-9))) return Number.NaN;
  const last = doseGy.length - 1;
  if (volume <= 0) return doseGy[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (volumeCc[middle] >= volume) low = middle;
    else high = middle;
  }
  const drop = volumeCc[low] - volumeCc[high];
  const t = drop > 0 ? Math.min(Math.max((volumeCc[low] - volume) / drop, 0), 1) : 0;
  return doseGy[low] + t * (doseGy[high] - doseGy[low]);
}
