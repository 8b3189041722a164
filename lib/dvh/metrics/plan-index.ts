import { doseAtVolumeGy, volumeAtDoseCc } from './curve.ts';
import type { Dvh } from './dvh.ts';
import type { MetricContext } from './metric-context.ts';

export type PlanIndex = 'HI' | 'CI_RTOG' | 'CI_Paddick' | 'GI';

interface IndexDefinition {
  meaning: string;
  source: string;
  /** NaN where it is not defined. */
  value(dvh: Dvh, context: MetricContext): number;
}

/**
 * Figures of how a plan fits a target. PIV is the volume in the whole dose grid that gets the prescription, TV the
 * target, TV_PIV what they share.
 */
export const PLAN_INDICES: Record<PlanIndex, IndexDefinition> = {
  HI: {
    meaning: 'homogeneity index (D2% - D98%) / D50%',
    source: 'ICRU 83',
    value: homogeneity,
  },
  CI_RTOG: {
    meaning:
      'conformity index: volume of the prescription isodose in the whole dose grid, divided by the volume of the target',
    source: 'doi:10.1016/0360-3016(93)90548-A',
    value: (dvh, context) => prescribedCc(context) / dvh.curve.volumeCc[0],
  },
  CI_Paddick: {
    meaning:
      'conformity index of Paddick: square of the target volume inside the prescription isodose, divided by the product of both volumes',
    source: 'doi:10.3171/jns.2000.93.supplement_3.0219',
    value: paddick,
  },
  GI: {
    meaning:
      'gradient index: volume of half the prescription isodose, divided by the volume of the prescription isodose',
    source: 'doi:10.3171/sup.2006.105.7.194',
    value: gradient,
  },
};

/** The index of a name in any case; undefined when there is none. */
export function planIndexOf(name: string): PlanIndex | undefined {
  return (Object.keys(PLAN_INDICES) as PlanIndex[]).find((index) => index.toLowerCase() === name.toLowerCase());
}

function homogeneity({ curve }: Dvh): number {
  const [d2, d98, d50] = [2, 98, 50].map((percent) => doseAtVolumeGy(curve, (percent / 100) * curve.volumeCc[0]));
  return d50 > 0 ? (d2 - d98) / d50 : Number.NaN;
}

/** (TV_PIV)^2 / (TV PIV) */
function paddick({ curve }: Dvh, context: MetricContext): number {
  const prescribed = prescribedCc(context);
  if (!(prescribed > 0) || context.prescriptionGy === undefined) return Number.NaN;
  return volumeAtDoseCc(curve, context.prescriptionGy) ** 2 / (curve.volumeCc[0] * prescribed);
}

/** PIV of half the prescription / PIV */
function gradient(_: Dvh, context: MetricContext): number {
  const prescribed = prescribedCc(context);
  return prescribed > 0 ? prescribedCc(context, 0.5) / prescribed : Number.NaN;
}

/** Volume in the whole dose grid that gets a part of the prescription, cc; NaN when it is not known. */
function prescribedCc({ prescriptionGy, isodoseCc }: MetricContext, part = 1): number {
  return prescriptionGy === undefined || !isodoseCc ? Number.NaN : isodoseCc(part * prescriptionGy);
}
