import { type Curve, doseAt } from './curve.ts';

/** A curve with how far its dose may be off numerically at some volumes, these descending. */
export interface UncertainCurve extends Curve {
  spread: { volumePct: number; uncertaintyGy: number }[];
}

/** How far the dose at a volume may be off: linear between the volumes where it is known, undefined beyond them. */
export function uncertaintyAt({ spread }: UncertainCurve, volumePct: number): number | undefined {
  const lower = spread.findIndex((known) => known.volumePct <= volumePct);
  if (lower < 0) return undefined;
  const below = spread[lower];
  if (below.volumePct === volumePct) return below.uncertaintyGy;
  if (lower === 0) return undefined;
  const above = spread[lower - 1];
  const part = (above.volumePct - volumePct) / (above.volumePct - below.volumePct);
  return above.uncertaintyGy + part * (below.uncertaintyGy - above.uncertaintyGy);
}

/** The doses between which those of a curve lie, by descending volume, from the first to the last volume where it is known. */
export function bandPoints(curve: UncertainCurve): { volumePct: number; lowGy: number; highGy: number }[] {
  if (curve.spread.length < 2) return [];
  const [most, least] = [curve.spread[0].volumePct, curve.spread[curve.spread.length - 1].volumePct];
  const inner = curve.volumePct.filter((volume) => volume < most && volume > least);
  return [most, ...new Set(inner), least].flatMap((volumePct) => {
    const [doseGy, uncertaintyGy] = [doseAt(curve, volumePct), uncertaintyAt(curve, volumePct)];
    if (doseGy === undefined || uncertaintyGy === undefined) return [];
    return [{ volumePct, lowGy: Math.max(0, doseGy - uncertaintyGy), highGy: doseGy + uncertaintyGy }];
  });
}
