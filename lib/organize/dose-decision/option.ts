import type { DoseOption, TargetPrescription } from '../../rt/dose-decision.ts';
import { plannedFractions, planPrescription, targetPrescriptions } from '../../rt/plan.ts';
import { compareText } from '../words.ts';
import type { DoseQuestion } from './ledger.ts';
import type { DoseUnit } from './units.ts';

/** Sums above this are possible (re-irradiation, SBRT boosts) but rare enough to look at. */
const UNUSUAL_TOTAL_GY = 100;

/**
 * The doses of units that are added up, with what was prescribed for them: the highest level per plan, added over the
 * plans; null as soon as one plan is missing or says none. Doubts are added to `warnings`.
 */
export function optionOf(units: DoseUnit[], warnings: string[]): DoseOption {
  const doses = units.flatMap((unit) => unit.doses);
  const unknown = { doses, prescriptionGy: null, prescriptionSource: '', targetPrescriptions: levelsOf(units) };
  const incomplete = units.some((unit) => unit.planUids.length === 0 || unit.plans.length < unit.planUids.length);
  const found = units.flatMap((unit) => unit.plans.map(({ plan }) => planPrescription(plan)));
  const given = found.flatMap((prescription) => prescription ?? []);
  if (incomplete || given.length < found.length) {
    warnings.push('the prescription is unknown: a plan of the dose is missing or prescribes nothing');
    return unknown;
  }
  const prescriptionGy = given.reduce((sum, prescription) => sum + prescription.doseGy, 0);
  if (prescriptionGy > UNUSUAL_TOTAL_GY) warnings.push(`the prescriptions add up to ${prescriptionGy} Gy`);
  const prescriptionSource = [...new Set(given.map((prescription) => prescription.source))].join('+');
  return { ...unknown, prescriptionGy, prescriptionSource };
}

function levelsOf(units: DoseUnit[]): TargetPrescription[] {
  const plans = units.flatMap((unit) => unit.plans);
  return plans.flatMap(({ sopInstanceUid, plan }) =>
    targetPrescriptions(plan).map((level) => ({
      planUid: sopInstanceUid,
      description: level.description,
      roiNumber: level.roiNumber,
      doseGy: level.targetPrescriptionGy!,
    })),
  );
}

/** The same plans by their other type of dose; [] unless every one of them has it. */
export function otherTypeOf(units: DoseUnit[]): DoseOption[] {
  const others = units.flatMap((unit) => unit.otherType ?? []);
  return others.length === units.length && others.length > 0 ? [optionOf(others, [])] : [];
}

/**
 * Which fraction each of several groups is of, when each is one plan of one fraction: as recorded, else the rank of the
 * plan's date; [] when they are no fractions.
 */
export function adaptiveNumbers(groups: DoseUnit[][], question: DoseQuestion): number[] {
  const plans = groups.map((units) => units.flatMap((unit) => unit.plans));
  const isSession = plans.every((list) => list.length === 1 && plannedFractions(list[0].plan) === 1);
  if (!isSession) return [];
  const recorded = plans.map(([plan]) => question.fractions.find((f) => f.planUid === plan.sopInstanceUid)?.number);
  const isTold = recorded.every((n) => n !== undefined && n !== null) && new Set(recorded).size === recorded.length;
  if (isTold) return recorded.map((n) => n!);
  const dates = plans.map(([{ plan }]) => `${plan.date} ${plan.time}`);
  const ordered = dates.toSorted(compareText);
  const isDated = plans.every(([{ plan }]) => plan.date !== '') && new Set(dates).size === dates.length;
  return isDated ? dates.map((date) => ordered.indexOf(date) + 1) : [];
}
