import { type DvhCurve, doseAtVolumeGy, volumeAtDoseCc } from './curve.ts';
import type { Dvh } from './dvh.ts';
import type { MetricContext } from './metric-context.ts';
import type { DoseScale, Metric, Statistic } from './metric-name.ts';
import { PLAN_INDICES } from './plan-index.ts';
import { bedGy, eqd2Gy, gEudGy } from './radiobiology.ts';

/**
 * The value of a metric; NaN when it is not defined: D5cc of a ROI of 3 cc, a part of an unknown prescription. Percent
 * of volume is of the part inside the dose grid.
 */
export function evaluateMetric(metric: Metric, dvh: Dvh, context: MetricContext): number {
  if (metric.kind === 'volume') return dvh.volumeCc;
  if (dvh.curve.doseGy.length === 0) return Number.NaN;
  if (metric.kind === 'index') return PLAN_INDICES[metric.index].value(dvh, context);
  if (metric.kind === 'integralDose') return dvh.meanGy * dvh.curve.volumeCc[0];
  const curve = scaledCurve(dvh.curve, metric.scale, context);
  if (metric.kind === 'gEUD') return gEudGy(curve, metric.a ?? context.geudA ?? Number.NaN);
  if (metric.kind === 'volumeAtDose') return volumeAtDose(metric, curve, context);
  const doseGy = metric.kind === 'dose' ? doseAt(metric, curve) : statistic(metric, dvh, curve);
  return metric.unit === 'Gy' ? doseGy : (doseGy / (context.prescriptionGy ?? Number.NaN)) * 100;
}

function doseAt({ volume, of, coldest }: Extract<Metric, { kind: 'dose' }>, curve: DvhCurve): number {
  const totalCc = curve.volumeCc[0];
  const volumeCc = of === '%' ? (volume / 100) * totalCc : volume;
  if (volumeCc > totalCc) return Number.NaN;
  return doseAtVolumeGy(curve, coldest ? totalCc - volumeCc : volumeCc);
}

function statistic(metric: Extract<Metric, { kind: 'statistic' }>, dvh: Dvh, curve: DvhCurve): number {
  return STATISTICS[metric.statistic](curve, metric.scale === 'physical' ? dvh : undefined);
}

/** From the curve, or the histogram itself where the dose is physical. */
const STATISTICS: Record<Statistic, (curve: DvhCurve, physical?: Dvh) => number> = {
  Min: ({ doseGy }) => doseGy[0],
  Mean: (curve, physical) => physical?.meanGy ?? gEudGy(curve, 1),
  Median: (curve) => doseAtVolumeGy(curve, curve.volumeCc[0] / 2),
  Max: ({ doseGy }) => doseGy[doseGy.length - 1],
};

function volumeAtDose(metric: Extract<Metric, { kind: 'volumeAtDose' }>, curve: DvhCurve, context: MetricContext) {
  const perPercent = (context.prescriptionGy ?? Number.NaN) / 100;
  const doseGy = metric.of === 'Gy' ? metric.dose : metric.dose * perPercent;
  if (Number.isNaN(doseGy)) return Number.NaN;
  const totalCc = curve.volumeCc[0];
  const above = volumeAtDoseCc(curve, doseGy);
  const volumeCc = metric.below ? totalCc - above : above;
  return metric.unit === 'cc' ? volumeCc : (volumeCc / totalCc) * 100;
}

const SCALES: Record<
  Exclude<DoseScale, 'physical'>,
  (doseGy: number, fractions: number, alphaBetaGy: number) => number
> = {
  BED: bedGy,
  EQD2: eqd2Gy,
};

/** Both models rise with dose, so that the histogram keeps its volumes. */
function scaledCurve(curve: DvhCurve, scale: DoseScale, { fractions, alphaBetaGy }: MetricContext): DvhCurve {
  if (scale === 'physical') return curve;
  const [n, ab] = [fractions ?? Number.NaN, alphaBetaGy ?? Number.NaN];
  return { doseGy: curve.doseGy.map((dose) => SCALES[scale](dose, n, ab)), volumeCc: curve.volumeCc };
}
