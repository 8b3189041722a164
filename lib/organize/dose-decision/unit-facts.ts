import { countFractions, type Fraction } from '../../rt/course.ts';
import { plannedFractions, planPrescription, targetPrescriptions } from '../../rt/plan.ts';
import type { RoiExtent } from '../../rt/structure-set-header.ts';
import { compareText } from '../words.ts';
import type { DoseQuestion } from './ledger.ts';
import { type PlanWords, planWords } from './plan-words.ts';
import type { DoseUnit } from './units.ts';

/** What is known of a unit beside its dose. */
export interface UnitFacts {
  unit: DoseUnit;
  words: PlanWords;
  /** Earliest plan date, or ''. */
  date: string;
  prescriptionGy?: number;
  plannedFractions?: number;
  deliveredFractions: number;
  firstDelivery: string;
  lastDelivery: string;
  /** APPROVED, UNAPPROVED, or '' when the plans differ or say nothing. */
  approval: string;
  /** Of the ROIs that the plans prescribe to; undefined when a plan names none, or its contours are unknown. */
  targetExtent?: RoiExtent;
}

/** Facts of all units, by date (undated last), then by dose. */
export function factsOf(units: DoseUnit[], { fractions, roisOf }: DoseQuestion): UnitFacts[] {
  const LAST = '9999-12-31';
  return units
    .map((unit) => unitFacts(unit, fractions, roisOf))
    .sort(
      (a, b) =>
        compareText(a.date || LAST, b.date || LAST) || compareText(a.unit.doses[0].doseUid, b.unit.doses[0].doseUid),
    );
}

export function isFullyDelivered(facts: UnitFacts): boolean {
  return facts.plannedFractions !== undefined && facts.deliveredFractions >= facts.plannedFractions;
}

/** Whether the plans of a unit are named as a boost or later phase. */
export function isBoost({ words }: UnitFacts): boolean {
  return words.boost || (words.phase ?? 1) > 1;
}

/** max(0, 1 - |a - b| / mean), 1 for equal prescriptions; 0 when one is unknown. */
export function similarity(a: UnitFacts, b: UnitFacts): number {
  if (!a.prescriptionGy || !b.prescriptionGy) return 0;
  const mean = (a.prescriptionGy + b.prescriptionGy) / 2;
  return Math.max(0, 1 - Math.abs(a.prescriptionGy - b.prescriptionGy) / mean);
}

/** The plans of a unit for a sentence: by UID, because labels may hold names. */
export function planText(facts: UnitFacts): string {
  return `plan ${facts.unit.planUids.join(' + ') || 'unknown'}`;
}

function unitFacts(unit: DoseUnit, fractions: Fraction[], roisOf: DoseQuestion['roisOf']): UnitFacts {
  const plans = unit.plans.map(({ plan }) => plan);
  const delivered = fractions.filter((fraction) => unit.planUids.includes(fraction.planUid));
  const dates = delivered
    .map((fraction) => fraction.date)
    .filter(Boolean)
    .sort(compareText);
  const complete = plans.length > 0 && plans.length === unit.planUids.length;
  const approvals = new Set(plans.map((plan) => plan.approvalStatus));
  return {
    unit,
    words: plans.length === 1 ? planWords(plans[0]) : { replan: false, boost: false, key: '' },
    date:
      plans
        .map((plan) => plan.date)
        .filter(Boolean)
        .sort(compareText)[0] ?? '',
    prescriptionGy: complete ? total(plans.map((plan) => planPrescription(plan)?.doseGy)) : undefined,
    plannedFractions: complete ? total(plans.map(plannedFractions)) : undefined,
    deliveredFractions: countFractions(delivered),
    firstDelivery: dates[0] ?? '',
    lastDelivery: dates.at(-1) ?? '',
    approval: approvals.size === 1 ? [...approvals][0] : '',
    targetExtent: complete ? targetExtent(unit, roisOf) : undefined,
  };
}

/** The box of all ROIs that the plans of a unit prescribe to. */
function targetExtent({ plans }: DoseUnit, roisOf: DoseQuestion['roisOf']): RoiExtent | undefined {
  const extents = plans.flatMap(({ plan, structureSetUid }) => {
    const numbers = targetPrescriptions(plan).map((level) => level.roiNumber);
    return numbers.map((number) => roisOf(structureSetUid ?? '').find((roi) => roi.number === number)?.extent);
  });
  if (extents.length === 0 || !extents.every((extent) => extent !== undefined)) return undefined;
  const over = (pick: (...values: number[]) => number, side: 'lowMm' | 'highMm') =>
    [0, 1, 2].map((axis) => pick(...extents.map((extent) => extent[side][axis])));
  return { lowMm: over(Math.min, 'lowMm'), highMm: over(Math.max, 'highMm') };
}

function total(numbers: (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const number of numbers) {
    if (number === undefined) return undefined;
    sum += number;
  }
  return sum;
}
