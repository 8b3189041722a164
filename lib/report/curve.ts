/** A cumulative DVH: the volume in % that got at least each dose, doses ascending. */
export interface Curve {
  doseGy: number[];
  volumePct: number[];
}

/** The volume in % at a dose, linear between the points of the curve; beyond its end 0. */
export function volumeAt({ doseGy, volumePct }: Curve, gy: number): number {
  if (gy <= doseGy[0]) return volumePct[0];
  const upper = doseGy.findIndex((dose) => dose >= gy);
  if (upper < 0) return 0;
  const part = (gy - doseGy[upper - 1]) / (doseGy[upper] - doseGy[upper - 1]);
  return volumePct[upper - 1] + part * (volumePct[upper] - volumePct[upper - 1]);
}

/** The dose that a volume in % got at least; undefined where the curve does not reach it. */
export function doseAt({ doseGy, volumePct }: Curve, pct: number): number | undefined {
  if (pct > volumePct[0]) return undefined;
  const lower = volumePct.findIndex((volume) => volume <= pct);
  if (lower < 0) return undefined;
  if (lower === 0) return doseGy[0];
  const [above, below] = [volumePct[lower - 1], volumePct[lower]];
  if (above === below) return doseGy[lower];
  return doseGy[lower - 1] + ((above - pct) / (above - below)) * (doseGy[lower] - doseGy[lower - 1]);
}

/** Volume per Gy between neighbouring points, at the middle of each interval. */
export function differential({ doseGy, volumePct }: Curve): { doseGy: number; pctPerGy: number }[] {
  return doseGy.slice(1).flatMap((dose, n) => {
    const width = dose - doseGy[n];
    if (!(width > 0)) return [];
    return [{ doseGy: (dose + doseGy[n]) / 2, pctPerGy: (volumePct[n] - volumePct[n + 1]) / width }];
  });
}
