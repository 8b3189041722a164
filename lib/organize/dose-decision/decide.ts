import type { DoseDecision, DoseOption } from '../../rt/dose-decision.ts';
import { chooseAmongUnits, nothing } from './choice.ts';
import { planUidsOf } from './dose-order.ts';
import { oneTypePerPlan } from './dose-types.ts';
import { type DoseQuestion, Ledger } from './ledger.ts';
import { adaptiveNumbers, optionOf, otherTypeOf } from './option.ts';
import { isSum, overriddenDecision } from './override.ts';
import { regionsOf } from './region.ts';
import { dosesInFrame, type Framed, usableDoses } from './screen.ts';
import type { Choice } from './unit-choice.ts';
import { type DoseUnit, doseUnits } from './units.ts';

/**
 * Which doses are the dose of a course, and how they add up. The first that applies decides: the override file; usable
 * doses only; one frame of reference; one dose for each part of a plan, from one place or several; sums over plans, plan
 * over beam, fraction and application doses; one type of dose; one region; adaptive sessions; replans by intention to
 * treat; phases and boosts by name, then the evidence of `evidence.ts`. When nothing tells which of several is meant,
 * none is selected and each is listed as an alternative: fail closed. docs/organize.md states the rules in order.
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
    for (const dose of unit.members) ledger.select(dose, unit.role, choice.reason);
  }
  if (choice.selected.length > 0) notePlansWithoutDose(question, ledger);
  const chosen = choice.selected.length > 0 ? optionOf(choice.selected, ledger.warnings) : NO_OPTION;
  const numbers = choice.rule === 'separate_frames_no_sum' ? adaptiveNumbers(choice.alternatives, question) : [];
  const groups = choice.selected.length > 0 ? [choice.selected] : choice.alternatives;
  return {
    rule: choice.rule,
    selected: chosen.doses,
    sum: isSum(chosen.doses),
    alternatives: choice.alternatives.map((units, n) => ({ ...optionOf(units, []), fractionNumber: numbers[n] })),
    otherTypes: groups.flatMap(otherTypeOf),
    candidates: ledger.candidates(question.doses),
    prescriptionGy: chosen.prescriptionGy,
    prescriptionSource: chosen.prescriptionSource,
    targetPrescriptions: chosen.targetPrescriptions,
    evidence: [...new Set(ledger.evidence)],
    // A warning leaves a doubt, however clear the rule.
    confidence: choice.confidence === 'high' && ledger.warnings.length > 0 ? 'medium' : choice.confidence,
    warnings: [...new Set(ledger.warnings)],
    findings: ledger.findings,
  };
}

const NO_OPTION: DoseOption = { doses: [], prescriptionGy: null, prescriptionSource: '', targetPrescriptions: [] };

function choose(question: DoseQuestion, ledger: Ledger): Choice {
  if (question.doses.length === 0) return nothing('no_doses', 'the course has no dose');
  const usable = usableDoses(question, ledger);
  if (usable.length === 0) return nothing('no_usable_dose', 'no dose is usable');
  const framed = dosesInFrame(usable, question, ledger);
  if (framed.elsewhere.length > 0) return frameByFrame(framed, question, ledger);
  if (framed.doses.length === 0)
    return nothing('other_frame_of_reference', 'every dose has another frame of reference');
  return chooseInFrame(framed, question, ledger);
}

function chooseInFrame(framed: Framed, question: DoseQuestion, ledger: Ledger): Choice {
  const units = oneTypePerPlan(doseUnits(framed, question, ledger), ledger);
  if (units.length === 0) return nothing('no_usable_dose', 'no dose or set of doses is the total of a plan');
  if (units.length === 1) return chooseAmongUnits(units, question, ledger);
  const frames = new Set(framed.doses.map((dose) => dose.header.frameOfReferenceUid));
  if (question.frameOfReferenceUids.length === 0 && frames.size > 1) {
    return sideBySide(
      'separate_frames_no_sum',
      units.map((unit) => [unit]),
      'doses with different frames of reference cannot be added',
    );
  }
  const regions = regionsOf(units, framed.matrixOf);
  if (regions.length === 1) return chooseAmongUnits(units, question, ledger);
  const choices = regions.map((region) => chooseAmongUnits(region, question, ledger));
  return sideBySide(
    'separate_regions_no_sum',
    choices.flatMap(resultsOf),
    'the doses cover different regions of the patient',
  );
}

/** Structures and doses of several frames, as in an adaptive course: each frame by itself, and no sum. */
function frameByFrame(framed: Framed, question: DoseQuestion, ledger: Ledger): Choice {
  const groups = [framed.doses, ...framed.elsewhere].filter((doses) => doses.length > 0);
  const choices = groups.map((doses) => chooseInFrame({ ...framed, doses, elsewhere: [] }, question, ledger));
  const message = 'the doses have different frames of reference: without a registration they cannot be summed';
  if (groups.length > 1) ledger.find('NO_SUM_WITHOUT_REGISTRATION', question.courseId, message);
  return sideBySide('separate_frames_no_sum', choices.flatMap(resultsOf), message);
}

function resultsOf(choice: Choice): DoseUnit[][] {
  return choice.selected.length > 0 ? [choice.selected] : choice.alternatives;
}

/** A plan of which no dose was exported leaves the total short, certainly so when it was delivered. */
function notePlansWithoutDose(question: DoseQuestion, ledger: Ledger): void {
  const withDose = new Set(question.doses.flatMap(planUidsOf));
  for (const { sopInstanceUid } of question.plans.filter((plan) => !withDose.has(plan.sopInstanceUid))) {
    const isDelivered = question.fractions.some((fraction) => fraction.planUid === sopInstanceUid);
    const consequence = isDelivered ? 'it was delivered, so the total is too low' : 'the total may be too low';
    ledger.warnings.push(`plan ${sopInstanceUid} has no dose: ${consequence}`);
  }
}

function sideBySide(rule: Choice['rule'], alternatives: DoseUnit[][], reason: string): Choice {
  const role = rule === 'separate_regions_no_sum' ? 'other_region' : 'other_frame';
  const marked = alternatives.map((units) => units.map((unit) => ({ ...unit, role }) as DoseUnit));
  return { rule, selected: [], alternatives: marked, confidence: 'none', reason };
}
