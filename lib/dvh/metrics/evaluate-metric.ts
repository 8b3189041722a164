import { type DvhCurve, doseAtVolumeGy, volumeAtDoseCc } from './curve.ts';
import type { Dvh } from './dvh.ts';
import type { DoseScale, Metric, PlanIndex } from './metric-name.ts';
import { bedGy, eqd2Gy, gEudGy } from './radiobiology.ts';

/** What some metrics need beside the histogram; a metric whose need is not met has no value. */
export interface MetricContext {
  prescriptionGy?: number;
  /** Number of fractions, for EQD2 and BED. */
  fractions?: number;
  alphaBetaGy?: number;
  /** Exponent of gEUD where the metric does not say one. */
  geudA?: number;
  /** Volume with at least a dose in the whole dose grid, for conformity and gradient. */
  isodoseCc?: (doseGy: number) => number;
}

/**
 * The value of a metric; NaN when it is not defined: D5cc of a ROI of 3 cc, a part of an unknown prescription. Percent
 * of volume is of the part inside the dose grid.
 */
export function evaluateMetric(metric: Metric, dvh: Dvh, context: MetricContext): number {
  if (metric.kind === 'volume') return dvh.volumeCc;
  if (dvh.curve.doseGy.length === 0) return Number.NaN;
  if (metric.kind === 'index') return planIndex(metric.index, dvh, context);
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
  if (metric.statistic === 'Min') return curve.doseGy[0];
  if (metric.statistic === 'Max') return curve.doseGy[curve.doseGy.length - 1];
  if (metric.statistic === 'Median') return doseAtVolumeGy(curve, curve.volumeCc[0] / 2);
  return metric.scale === 'physical' ? dvh.meanGy : gEudGy(curve, 1);
}

function volumeAtDose(metric: Extract<Metric, { kind: 'volumeAtDose' }>, curve: DvhCurve, context: MetricContext) {
  const perPercent = (context.prescriptionGy ?? Number.NaN) / 100;
  const doseGy = metric.of === 'Gy' ? metric.dose : metric.dose * perPercent;
  if (Number.isNaN(doseGy)) return Number.NaN;
  const totalCc = curve.volumeCc[0];
  const above = volumeAtDoseCc(curve, doseGy);
  const volumeCc = metric.below ? totalCc - above : above;
  return metric.unit === 'cc' ? volumeCc : (volumeCc / totalCc) * 100;
}

/**
 * HI = (D2% - D98%) / D50% (ICRU 83). CI_RTOG = PIV / TV (Shaw 1993, doi:10.1016/0360-3016(93)90548-A). CI_Paddick =
 * TV_PIV^2 / (TV PIV) (doi:10.3171/jns.2000.93.supplement_3.0219). GI = PIV_50% / PIV (Paddick and Lippitz 2006,
 * doi:10.3171/sup.2006.105.7.194). PIV is the volume in the whole dose grid that gets the prescription, TV the target,
 * TV_PIV what they share.
 */
function planIndex(index: PlanIndex, { curve }: Dvh, { prescriptionGy, isodoseCc }: MetricContext): number {
  const targetCc = curve.volumeCc[0];
  if (index === 'HI') {
    const [d2, d98, d50] = [2, 98, 50].map((percent) => doseAtVolumeGy(curve, (percent / 100) * targetCc));
    return d50 > 0 ? (d2 - d98) / d50 : Number.NaN;
  }
  if (prescriptionGy === undefined || !isodoseCc) return Number.NaN;
  const prescribedCc = isodoseCc(prescriptionGy);
  if (index === 'CI_RTOG') return prescribedCc / targetCc;
  if (!(prescribedCc > 0)) return Number.NaN;
  if (index === 'GI') return isodoseCc(prescriptionGy / 2) / prescribedCc;
  return volumeAtDoseCc(curve, prescriptionGy) ** 2 / (targetCc * prescribedCc);
}

/** Both models rise with dose, so that the histogram keeps its volumes. */
function scaledCurve(curve: DvhCurve, scale: DoseScale, { fractions, alphaBetaGy }: MetricContext): DvhCurve {
  if (scale === 'physical') return curve;
  const [n, ab] = [fractions ?? Number.NaN, alphaBetaGy ?? Number.NaN];
  const convert = scale === 'BED' ? bedGy : eqd2Gy;
  return { doseGy: curve.doseGy.map((dose) => convert(dose, n, ab)), volumeCc: curve.volumeCc };
}
