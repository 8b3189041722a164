import type { DoseRole, DoseRule } from '../../rt/dose-decision.ts';
import type { Ledger } from './ledger.ts';
import type { Choice } from './unit-choice.ts';
import { isBoost, isFullyDelivered, type UnitFacts } from './unit-facts.ts';

/** Without a name or record that says so, a boost has at most this part of the prescription of the primary ... */
const UNNAMED_BOOST_MAX_RATIO = 0.8;
/** ... and brings the total to at most this. */
const UNNAMED_TOTAL_MAX_GY = 100;

/** How several units that do not replace each other add up; by name, records, approval, prescription, in this order. */
export function combine(facts: UnitFacts[], ledger: Ledger): Choice {
  if (new Set(facts.flatMap(({ unit }) => unit.members.map((dose) => dose.header.doseType))).size > 1) {
    ledger.warnings.push('physical and effective doses do not add up');
    return ambiguous(facts, 'the doses are of different types');
  }
  return byPhaseNumber(facts, ledger) ?? byBoostName(facts, ledger) ?? withoutNames(facts, ledger);
}

function byPhaseNumber(facts: UnitFacts[], ledger: Ledger): Choice | undefined {
  const numbers = facts.map(({ words }) => words.phase);
  if (numbers.includes(undefined) || new Set(numbers).size < numbers.length) return undefined;
  ledger.evidence.push(`the plans name the phases ${numbers.toSorted().join(', ')}`);
  if (!numbers.includes(1)) ledger.warnings.push('no plan is named phase 1');
  const confidence = numbers.includes(1) ? 'high' : 'low';
  return sum('phases_summed', facts, () => 'phase', confidence, 'the plans are named as phases of one course');
}

function byBoostName(facts: UnitFacts[], ledger: Ledger): Choice | undefined {
  const boosts = facts.filter(isBoost);
  const others = facts.filter((fact) => !isBoost(fact));
  if (boosts.length === 0 || others.length === 0) return undefined;
  ledger.evidence.push(`${boosts.length} of ${facts.length} plans are named as a boost or later phase`);
  if (haveRivals(boosts) && !boosts.every(isFullyDelivered)) {
    return ambiguous(facts, 'two boosts have the same name or phase, and nothing tells that both were meant');
  }
  const primary = others.length === 1 ? undefined : withoutNames(others, ledger);
  if (primary && primary.selected.length === 0) return ambiguous(facts, 'which plan the boost adds to is unknown');
  const chosen = primary ? others.filter(({ unit }) => isSelected(primary, unit.doses[0].doseUid)) : others;
  const role = (fact: UnitFacts): DoseRole => (boosts.includes(fact) ? 'boost' : 'primary');
  const confidence = primary ? primary.confidence : 'high';
  const reason = 'a primary plan and what is named as its boost';
  return sum('primary_boost_summed', [...chosen, ...boosts], role, confidence, reason);
}

/** Whether two plans share their name or their phase number. */
function haveRivals(facts: UnitFacts[]): boolean {
  const names = facts.map(({ words }) => words.key);
  const phases = facts.flatMap(({ words }) => words.phase ?? []);
  return new Set(names).size < names.length || new Set(phases).size < phases.length;
}

function isSelected(choice: Choice, doseUid: string): boolean {
  return choice.selected.some((unit) => unit.doses[0].doseUid === doseUid);
}

function withoutNames(facts: UnitFacts[], ledger: Ledger): Choice {
  return byDelivery(facts, ledger) ?? byApproval(facts, ledger) ?? byPrescription(facts, ledger);
}

function byDelivery(facts: UnitFacts[], ledger: Ledger): Choice | undefined {
  const delivered = facts.filter((fact) => fact.deliveredFractions > 0);
  if (facts.every(isFullyDelivered)) {
    ledger.evidence.push('the treatment records hold every plan in full');
    const reason = 'the records show that each plan was delivered in full';
    return sum('delivered_phases_summed', facts, () => 'phase', 'high', reason);
  }
  if (delivered.length !== 1) return undefined;
  ledger.evidence.push('the treatment records name one of the plans only');
  setAside(facts, delivered, 'no treatment record names its plan, while another plan was delivered', ledger);
  return sum('delivered_plan', delivered, () => 'total', 'medium', 'the records name this plan only');
}

function byApproval(facts: UnitFacts[], ledger: Ledger): Choice | undefined {
  const approved = facts.filter((fact) => fact.approval === 'APPROVED');
  const unapproved = facts.filter((fact) => fact.approval === 'UNAPPROVED');
  if (approved.length !== 1 || approved.length + unapproved.length < facts.length) return undefined;
  ledger.evidence.push('one plan is approved, the others are explicitly not');
  setAside(facts, approved, 'its plan is not approved, while another is', ledger);
  return sum('approved_plan', approved, () => 'total', 'medium', 'the only approved plan');
}

function byPrescription(facts: UnitFacts[], ledger: Ledger): Choice {
  const doses = facts.map((fact) => fact.prescriptionGy ?? 0);
  const highest = Math.max(...doses);
  const others = doses.filter((dose) => dose < highest);
  const total = doses.reduce((all, dose) => all + dose, 0);
  const isBoosted =
    facts.every((fact) => fact.prescribesTargets) &&
    Math.min(...doses) > 0 &&
    others.length === doses.length - 1 &&
    others.every((dose) => dose <= UNNAMED_BOOST_MAX_RATIO * highest) &&
    total <= UNNAMED_TOTAL_MAX_GY;
  if (!isBoosted) return ambiguous(facts, 'nothing tells which of the plans was meant, or that they add up');
  ledger.evidence.push(`prescriptions of ${doses.join(', ')} Gy: the highest is taken as primary, the others as boost`);
  const role = (fact: UnitFacts): DoseRole => (fact.prescriptionGy === highest ? 'primary' : 'boost');
  return sum('primary_boost_summed', facts, role, 'medium', 'a primary and a boost by their prescriptions');
}

function sum(
  rule: DoseRule,
  facts: UnitFacts[],
  role: (fact: UnitFacts) => DoseRole,
  confidence: Choice['confidence'],
  reason: string,
): Choice {
  return {
    rule,
    selected: facts.map((fact) => ({ ...fact.unit, role: role(fact) })),
    alternatives: [],
    confidence,
    reason,
  };
}

function ambiguous(facts: UnitFacts[], reason: string): Choice {
  const alternatives = facts.map(({ unit }) => [{ ...unit, role: 'alternative' as const }]);
  return { rule: 'ambiguous_no_sum', selected: [], alternatives, confidence: 'none', reason };
}

function setAside(facts: UnitFacts[], chosen: UnitFacts[], reason: string, ledger: Ledger): void {
  for (const { unit } of facts.filter((fact) => !chosen.includes(fact))) {
    for (const dose of unit.members) ledger.setAside(dose, 'superseded', reason);
  }
}
