import type { DoseRole, DoseRule } from '../../rt/dose-decision.ts';
import { ambiguous, combine, sum } from './combine.ts';
import { adaptiveSessions } from './evidence.ts';
import type { DoseQuestion, Ledger } from './ledger.ts';
import { separateReplans } from './replan.ts';
import { haveRivals } from './rivals.ts';
import type { Choice } from './unit-choice.ts';
import { factsOf, isFullyDelivered, planText, type UnitFacts } from './unit-facts.ts';
import type { DoseUnit } from './units.ts';

export function nothing(rule: DoseRule, reason: string): Choice {
  return { rule, selected: [], alternatives: [], confidence: 'none', reason };
}

/** Choose among units of one frame and region: replans first, then boosts and phases of what remains. */
export function chooseAmongUnits(units: DoseUnit[], question: DoseQuestion, ledger: Ledger): Choice {
  const facts = factsOf(units, question);
  for (const fact of facts) noteDelivery(fact, ledger);
  if (haveRivals(units)) return ambiguous(facts, 'a plan has several doses, and the files do not say which one to use');
  if (adaptiveSessions(facts)) {
    ledger.evidence.push('plans of one fraction each, with different frames of reference and days: adaptive sessions');
    return sum('adaptive_sessions_summed', facts, () => 'session', 'high', 'one of the sessions of an adaptive course');
  }
  const { originals, replans } = separateReplans(facts, ledger);
  for (const { unit } of replans) {
    for (const dose of unit.members) {
      ledger.setAside(dose, 'replan', 'a replan: the first intended dose is used (intention to treat)');
    }
  }
  if (originals.length === 1) return onlyUnit(originals[0], replans.length > 0);
  const choice = combine(originals, ledger);
  return replans.length > 0 && choice.selected.length > 0
    ? { ...choice, rule: 'replan_itt_first', reason: `${choice.reason}; a replan is left out (intention to treat)` }
    : choice;
}

function onlyUnit(fact: UnitFacts, replanned: boolean): Choice {
  const { unit } = fact;
  const rule = replanned ? 'replan_itt_first' : unit.rule;
  const planKnown = unit.plans.length > 0 && unit.plans.length === unit.planUids.length;
  const trusted = planKnown && !replanned;
  const reason = replanned ? 'the first intended dose, before the replan' : (REASONS[unit.role] ?? 'the only dose');
  return { rule, selected: [unit], alternatives: [], confidence: trusted ? 'high' : 'medium', reason };
}

const REASONS: Partial<Record<DoseRole, string>> = {
  total: 'the only dose of a whole plan',
  plan_sum: 'a sum of plans made by the planning system',
  beam: 'one of the beams of the plan',
  fraction_group: 'the complete dose of a fraction group of the plan',
  application_setup: 'one of the application setups of the plan',
  session: 'one session, multiplied by the planned fractions',
};

function noteDelivery(fact: UnitFacts, ledger: Ledger): void {
  if (fact.deliveredFractions === 0) return;
  const planned = fact.plannedFractions ?? 'an unknown number of';
  ledger.evidence.push(`${fact.deliveredFractions} of ${planned} fractions of ${planText(fact)} are recorded`);
  if (fact.plannedFractions !== undefined && !isFullyDelivered(fact)) {
    ledger.warnings.push(`${planText(fact)} has no record of complete delivery`);
  }
}
