import type { Ledger } from './ledger.ts';
import { isBoost, planText, similarity, type UnitFacts } from './unit-facts.ts';

const SAME_PRESCRIPTION = 0.9;

export interface Replanned {
  originals: UnitFacts[];
  /** Units that replace an original and are left out. */
  replans: UnitFacts[];
}

/**
 * Tell plans that replace an earlier one from those that add to it. A plan is a replan when its text says so, or when
 * records show that it took over from a plan that was broken off. A replan of a boost replaces a boost, not the
 * primary; a plan that has nothing to replace is no replan. The original stands (intention to treat) unless records
 * show that only the replan was ever delivered. Equal prescriptions alone prove nothing: two phases of 30 Gy are 60.
 */
export function separateReplans(facts: UnitFacts[], ledger: Ledger): Replanned {
  const originals: UnitFacts[] = [];
  const replans: UnitFacts[] = [];
  const ordered = [...facts.filter((fact) => !fact.words.replan), ...facts.filter((fact) => fact.words.replan)];
  for (const fact of ordered) {
    const at = originals.findIndex((original) => replaces(fact, original, ledger));
    if (at < 0) originals.push(fact);
    else if (neverStarted(originals[at], fact)) {
      ledger.evidence.push(`${planText(originals[at])} was replanned before its first fraction`);
      replans.push(originals[at]);
      originals[at] = fact;
    } else replans.push(fact);
  }
  return { originals, replans };
}

function replaces(fact: UnitFacts, original: UnitFacts, ledger: Ledger): boolean {
  const phases = [fact.words.phase, original.words.phase];
  const samePhase = phases[0] === phases[1] || phases.includes(undefined);
  if (isBoost(fact) !== isBoost(original) || !samePhase) return false;
  if (fact.words.replan) {
    ledger.evidence.push(`the text of ${planText(fact)} says that it is a replan`);
    return true;
  }
  if (!tookOver(fact, original)) return false;
  ledger.evidence.push(`${planText(fact)} continues ${planText(original)}, which was interrupted`);
  return true;
}

/** The original was broken off, and the other began afterwards and gave the remaining fractions at most. */
function tookOver(fact: UnitFacts, original: UnitFacts): boolean {
  const planned = original.plannedFractions ?? 0;
  const brokenOff = original.deliveredFractions > 0 && original.deliveredFractions < planned;
  if (!brokenOff || fact.firstDelivery === '' || fact.firstDelivery <= original.lastDelivery) return false;
  const remaining = planned - original.deliveredFractions;
  if (fact.plannedFractions === remaining) return true;
  return fact.deliveredFractions <= remaining && similarity(fact, original) > SAME_PRESCRIPTION;
}

function neverStarted(original: UnitFacts, replan: UnitFacts): boolean {
  return original.deliveredFractions === 0 && replan.deliveredFractions > 0;
}
