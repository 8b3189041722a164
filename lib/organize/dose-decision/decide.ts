import type { DoseDecision } from '../../rt/dose-decision.ts';
import { planPrescription, targetPrescriptions } from '../../rt/plan.ts';
import { chooseAmongUnits, nothing } from './choice.ts';
import { planUidsOf } from './dose-order.ts';
import { type DoseQuestion, Ledger } from './ledger.ts';
import { isSum, overriddenDecision } from './override.ts';
import { regionsOf } from './region.ts';
import { dosesInFrame, usableDoses } from './screen.ts';
import type { Choice } from './unit-choice.ts';
import { type DoseUnit, doseUnits } from './units.ts';

/** Sums above this are possible (re-irradiation, SBRT boosts) but rare enough to look at. */
const UNUSUAL_TOTAL_GY = 100;

/**
 * Which doses are the dose of a course, and how they add up. The first that applies decides: the override file; usable
 * doses only; one frame of reference; sums over plans, plan over beam, fraction and application doses; one region;
 * replans by intention to treat; boosts and phases by name, treatment records, approval, prescription. When nothing
 * tells which of several is meant, none is selected and each is listed as an alternative: fail closed.
 */
export function decideDose(question: DoseQuestion): DoseDecision {
  const overridden = overriddenDecision(question);
  if (overridden) return overridden;
  const ledger = new Ledger();
  const choice = choose(question, ledger);
  for (const unit of choice.alternatives.flat()) {
    for (const dose of unit.members) ledger.setAside(dose, unit.role, choice.reason);
  }
  for (const unit of choice.selected) {
    for (const dose of unit.doses) ledger.select(dose.doseUid, unit.role, choice.reason);
  }
  if (choice.selected.length > 0) notePlansWithoutDose(question, ledger);
  const selected = choice.selected.flatMap((unit) => unit.doses);
  const prescription = prescriptionOf(choice.selected, ledger);
  return {
    rule: choice.rule,
    selected,
    sum: isSum(selected),
    alternatives: choice.alternatives.map((units) => units.flatMap((unit) => unit.doses)),
    candidates: ledger.candidates(question.doses),
    ...prescription,
    targetPrescriptions: levelsOf(choice.selected),
    evidence: [...new Set(ledger.evidence)],
    // A warning leaves a doubt, however clear the rule.
    confidence: choice.confidence === 'high' && ledger.warnings.length > 0 ? 'medium' : choice.confidence,
    warnings: [...new Set(ledger.warnings)],
  };
}

function choose(question: DoseQuestion, ledger: Ledger): Choice {
  if (question.doses.length === 0) return nothing('no_doses', 'the course has no dose');
  const usable = usableDoses(question, ledger);
  if (usable.length === 0) return nothing('no_usable_dose', 'no dose is usable');
  const framed = dosesInFrame(usable, question, ledger);
  if (framed.doses.length === 0) return nothing('other_frame_of_reference', 'every dose lies in another frame');
  const frames = new Set(framed.doses.map((dose) => dose.header.frameOfReferenceUid));
  const units = doseUnits(framed, question, ledger);
  if (units.length === 0) return nothing('no_usable_dose', 'no dose or set of doses is the total of a plan');
  if (units.length === 1) return chooseAmongUnits(units, question, ledger);
  if (question.frameOfReferenceUids.length === 0 && frames.size > 1) {
    return sideBySide(
      'separate_frames_no_sum',
      units.map((unit) => [unit]),
      'doses of different frames do not add up',
    );
  }
  const regions = regionsOf(units);
  if (regions.length === 1) return chooseAmongUnits(units, question, ledger);
  const choices = regions.map((region) => chooseAmongUnits(region, question, ledger));
  return sideBySide(
    'separate_regions_no_sum',
    choices.flatMap((choice) => (choice.selected.length > 0 ? [choice.selected] : choice.alternatives)),
    'the doses cover different regions of the patient',
  );
}

/** A plan of which no dose was exported leaves the total short, certainly so when it was delivered. */
function notePlansWithoutDose(question: DoseQuestion, ledger: Ledger): void {
  const withDose = new Set(question.doses.flatMap(planUidsOf));
  for (const { sopInstanceUid } of question.plans.filter((plan) => !withDose.has(plan.sopInstanceUid))) {
    const isDelivered = question.fractions.some((fraction) => fraction.planUid === sopInstanceUid);
    const consequence = isDelivered ? 'it was delivered, so that the total is too low' : 'the total may be too low';
    ledger.warnings.push(`plan ${sopInstanceUid} has no dose: ${consequence}`);
  }
}

function sideBySide(rule: Choice['rule'], alternatives: DoseUnit[][], reason: string): Choice {
  const role = rule === 'separate_regions_no_sum' ? 'other_region' : 'other_frame';
  const marked = alternatives.map((units) => units.map((unit) => ({ ...unit, role }) as DoseUnit));
  return { rule, selected: [], alternatives: marked, confidence: 'none', reason };
}

/** Highest level per plan, added over the plans; null as soon as one plan is missing or says none. */
function prescriptionOf(units: DoseUnit[], ledger: Ledger) {
  const none = { prescriptionGy: null, prescriptionSource: '' };
  if (units.length === 0) return none;
  const incomplete = units.some((unit) => unit.planUids.length === 0 || unit.plans.length < unit.planUids.length);
  const found = units.flatMap((unit) => unit.plans.map(({ plan }) => planPrescription(plan)));
  const given = found.flatMap((prescription) => prescription ?? []);
  if (incomplete || given.length < found.length) {
    ledger.warnings.push('the prescription is unknown: a plan of the dose is missing or prescribes nothing');
    return none;
  }
  const prescriptionGy = given.reduce((sum, prescription) => sum + prescription.doseGy, 0);
  if (prescriptionGy > UNUSUAL_TOTAL_GY) ledger.warnings.push(`the prescriptions add up to ${prescriptionGy} Gy`);
  return {
    prescriptionGy,
    prescriptionSource: [...new Set(given.map((prescription) => prescription.source))].join('+'),
  };
}

function levelsOf(units: DoseUnit[]): DoseDecision['targetPrescriptions'] {
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
