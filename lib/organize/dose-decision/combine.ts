import type { DoseRole, DoseRule } from '../../rt/dose-decision.ts';
import { decidingEvidence, type Found, supportingEvidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import type { Choice } from './unit-choice.ts';
import { isBoost, isFullyDelivered, type UnitFacts } from './unit-facts.ts';

/**
 * How several units that do not replace each other add up: by the names of phases, by the names of boosts, by other
 * evidence that decides, by evidence that supports. Without any they are alternatives: a ratio of prescriptions is no
 * evidence, because two plans of which one was chosen differ like a plan and its boost.
 */
export function combine(facts: UnitFacts[], ledger: Ledger): Choice {
  if (new Set(facts.map(({ unit }) => unit.doseType)).size > 1) {
    ledger.warnings.push('physical and effective doses cannot be added');
    return ambiguous(facts, 'the doses are of different types');
  }
  if (facts.some(({ unit }) => unit.members.some((dose) => dose.places))) {
    ledger.warnings.push('a dose on several grids cannot be added to another');
    return ambiguous(facts, 'the dose of one plan is on several grids and cannot be added');
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
  if (shareNames(boosts) && !boosts.every(isFullyDelivered)) {
    return ambiguous(facts, 'two boosts have the same name or phase, and the files do not say that both were intended');
  }
  const primary = others.length === 1 ? undefined : withoutNames(others, ledger);
  if (primary && primary.selected.length === 0)
    return ambiguous(facts, 'it is unknown to which plan the boost belongs');
  const chosen = primary ? others.filter(({ unit }) => isSelected(primary, unit.doses[0].doseUid)) : others;
  const role = (fact: UnitFacts): DoseRole => (boosts.includes(fact) ? 'boost' : 'primary');
  const confidence = primary ? primary.confidence : 'high';
  const reason = 'a primary plan and a plan named as its boost';
  return sum('primary_boost_summed', [...chosen, ...boosts], role, confidence, reason);
}

/** Whether two plans share their name or their phase number. */
function shareNames(facts: UnitFacts[]): boolean {
  const names = facts.map(({ words }) => words.key);
  const phases = facts.flatMap(({ words }) => words.phase ?? []);
  return new Set(names).size < names.length || new Set(phases).size < phases.length;
}

function isSelected(choice: Choice, doseUid: string): boolean {
  return choice.selected.some((unit) => unit.doses[0].doseUid === doseUid);
}

function withoutNames(facts: UnitFacts[], ledger: Ledger): Choice {
  const found = decidingEvidence(facts, ledger) ?? supportingEvidence(facts, ledger);
  if (found === 'alternatives') return ambiguous(facts, 'one plan names another as its alternative');
  if (found) return chosen(found, facts, ledger);
  return ambiguous(facts, 'the files do not say which plan was given, or that all were');
}

function chosen(
  { rule, chosen: facts, role, confidence, reason, others }: Found,
  all: UnitFacts[],
  ledger: Ledger,
): Choice {
  if (others) setAside(all, facts, others, ledger);
  return sum(rule, facts, role, confidence, reason);
}

export function sum(
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

export function ambiguous(facts: UnitFacts[], reason: string): Choice {
  const alternatives = facts.map(({ unit }) => [{ ...unit, role: 'alternative' as const }]);
  return { rule: 'ambiguous_no_sum', selected: [], alternatives, confidence: 'none', reason };
}

function setAside(facts: UnitFacts[], chosen: UnitFacts[], reason: string, ledger: Ledger): void {
  for (const { unit } of facts.filter((fact) => !chosen.includes(fact))) {
    for (const dose of unit.members) ledger.setAside(dose, 'superseded', reason);
  }
}
