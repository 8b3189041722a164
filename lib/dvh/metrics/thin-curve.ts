import type { DvhCurve } from './curve.ts';

export interface ThinOptions {
  /** Allowed error as a part of the covered volume. */
  volumePart?: number;
  /** Allowed error along the dose. */
  doseGy?: number;
}

/**
 * Fewer points of the same curve: what is left out lies, on the line between its kept neighbours, within 0.05 % of the
 * volume or 0.01 Gy of where it was. One pass: a line from the last kept point goes on while some slope meets the
 * allowed interval of every point on its way.
 */
export function thinCurve(curve: DvhCurve, options: ThinOptions = {}): DvhCurve {
  const { volumePart = 0.0005, doseGy: doseTolerance = 0.01 } = options;
  const { doseGy, volumeCc } = curve;
  const last = doseGy.length - 1;
  if (last < 2) return curve;
  const tolerance = volumePart * volumeCc[0] * SAFETY;
  const kept = [0];
  while (kept[kept.length - 1] < last) {
    const from = kept[kept.length - 1];
    let [low, high] = [-Infinity, Infinity];
    let reach = from + 1;
    for (let n = from + 1; n <= last; n++) {
      const distance = doseGy[n] - doseGy[from];
      const slope = (volumeCc[n] - volumeCc[from]) / distance;
      if (slope >= low && slope <= high) reach = n;
      const [least, most] = allowed(curve, n, tolerance, doseTolerance * SAFETY);
      low = Math.max(low, (least - volumeCc[from]) / distance);
      high = Math.min(high, (most - volumeCc[from]) / distance);
      if (low > high) break;
    }
    kept.push(reach);
  }
  return {
    doseGy: Float64Array.from(kept, (n) => doseGy[n]),
    volumeCc: Float64Array.from(kept, (n) => volumeCc[n]),
  };
}

/** Room for the rounding of what is stored. */
const SAFETY = 0.98;

/** Volumes that count as point n: of the tolerance around it, or of the doses nearby. */
function allowed({ doseGy, volumeCc }: DvhCurve, n: number, tolerance: number, doseTolerance: number) {
  let least = volumeCc[n] - tolerance;
  let most = volumeCc[n] + tolerance;
  for (let m = n + 1; m < doseGy.length && doseGy[m] - doseGy[n] <= doseTolerance; m++)
    least = Math.min(least, volumeCc[m]);
  for (let m = n - 1; m >= 0 && doseGy[n] - doseGy[m] <= doseTolerance; m--) most = Math.max(most, volumeCc[m]);
  return [least, most];
}
