import type { DvhCurve } from './curve.ts';

/**
 * Biologically effective dose of a total dose in n equal fractions: D (1 + (D / n) / (alpha/beta)) (Fowler 1989,
 * doi:10.1259/0007-1285-62-740-679).
 */
export function bedGy(doseGy: number, fractions: number, alphaBetaGy: number): number {
  return doseGy * (1 + doseGy / fractions / alphaBetaGy);
}

/** Dose in fractions of 2 Gy with the same effect: BED / (1 + 2 / (alpha/beta)). */
export function eqd2Gy(doseGy: number, fractions: number, alphaBetaGy: number): number {
  return bedGy(doseGy, fractions, alphaBetaGy) / (1 + 2 / alphaBetaGy);
}

/**
 * Generalised equivalent uniform dose, (sum of v D^a)^(1/a) over parts v of the volume (Niemierko 1999, AAPM TG-166):
 * a = 1 is the mean, large a the maximum, negative a weighs cold spots. Scaled by the greatest dose against overflow.
 */
export function gEudGy({ doseGy, volumeCc }: DvhCurve, a: number): number {
  const last = doseGy.length - 1;
  const scale = doseGy[last];
  if (!(scale > 0)) return Number.isNaN(a) ? Number.NaN : scale;
  let sum = 0;
  for (let n = 0; n < last; n++) {
    const part = (volumeCc[n] - volumeCc[n + 1]) / volumeCc[0];
    if (part > 0) sum += part * ((doseGy[n] + doseGy[n + 1]) / 2 / scale) ** a;
  }
  const rest = volumeCc[last] / volumeCc[0];
  return scale * (sum + rest) ** (1 / a);
}
