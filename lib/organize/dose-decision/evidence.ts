import type { DoseRole, DoseRule } from '../../rt/dose-decision.ts';
import type { Ledger } from './ledger.ts';
import { nestedTargets } from './nested-targets.ts';
import type { Choice } from './unit-choice.ts';
import { isFullyDelivered, planText, type UnitFacts } from './unit-facts.ts';

/** What was found in favour of a choice among plans that do not replace each other. */
export interface Found {
  rule: DoseRule;
  chosen: UnitFacts[];
  role: (fact: UnitFacts) => DoseRole;
  confidence: Choice['confidence'];
  reason: string;
  /** Why the others are not meant; absent when all are. */
  others?: string;
}

/**
 * Evidence that decides alone, strongest first; undefined without any. Names of boosts and phases take precedence: see
 * `combine`.
 */
export function decidingEvidence(facts: UnitFacts[], ledger: Ledger): Found | 'alternatives' | undefined {
  return byDelivery(facts, ledger) ?? byRelation(facts, ledger) ?? byApproval(facts, ledger);
}

function byDelivery(facts: UnitFacts[], ledger: Ledger): Found | undefined {
  const delivered = facts.filter((fact) => fact.deliveredFractions > 0);
  if (facts.every(isFullyDelivered)) {
    ledger.evidence.push('the treatment records contain every plan in full');
    const reason = 'the records show that each plan was delivered in full';
    return { rule: 'delivered_phases_summed', chosen: facts, role: () => 'phase', confidence: 'high', reason };
  }
  if (delivered.length !== 1) return undefined;
  ledger.evidence.push('the treatment records name only one of the plans');
  const others = 'no treatment record names its plan, but another plan was delivered';
  const reason = 'the records name only this plan';
  return { rule: 'delivered_plan', chosen: delivered, role: () => 'total', confidence: 'medium', reason, others };
}

/** RTPlanRelationship, PS3.3 C.8.8.9: PRIOR and CONCURRENT plans are given too, an ALTERNATIVE one is not. */
function byRelation(facts: UnitFacts[], ledger: Ledger): Found | 'alternatives' | undefined {
  const relations = facts.flatMap((fact) =>
    fact.unit.plans.flatMap(({ plan }) =>
      plan.relatedPlans.flatMap(({ uid, relationship }) => {
        const other = facts.find(({ unit }) => unit !== fact.unit && unit.planUids.includes(uid));
        return other ? [{ fact, other, relationship: relationship.toUpperCase() }] : [];
      }),
    ),
  );
  const alternative = relations.find(({ relationship }) => relationship === 'ALTERNATIVE');
  if (alternative) {
    ledger.evidence.push(`${planText(alternative.fact)} names an alternative: ${planText(alternative.other)}`);
    return 'alternatives';
  }
  const added = relations.filter(({ relationship }) => ['PRIOR', 'CONCURRENT'].includes(relationship));
  const linked = new Set(added.flatMap(({ fact, other }) => [fact, other]));
  if (added.length < facts.length - 1 || linked.size < facts.length) return undefined;
  ledger.evidence.push('each plan has a prior or concurrent relation to another');
  const reason = 'the plans state that they were given one after the other or together';
  return { rule: 'related_plans_summed', chosen: facts, role: () => 'phase', confidence: 'high', reason };
}

function byApproval(facts: UnitFacts[], ledger: Ledger): Found | undefined {
  const approved = facts.filter((fact) => fact.approval === 'APPROVED');
  const unapproved = facts.filter((fact) => fact.approval === 'UNAPPROVED');
  if (approved.length !== 1 || approved.length + unapproved.length < facts.length) return undefined;
  ledger.evidence.push('one plan is approved, the others are explicitly not');
  const others = 'its plan is not approved, but another one is';
  const reason = 'the only approved plan';
  return { rule: 'approved_plan', chosen: approved, role: () => 'total', confidence: 'medium', reason, others };
}

/**
 * Evidence that supports a sum without deciding: targets that lie one in the other, as a boost lies in what it boosts,
 * together with the approval of all plans or their dates in sequence. Approval and dates alone fit a replan as well.
 */
export function supportingEvidence(facts: UnitFacts[], ledger: Ledger): Found | undefined {
  const ordered = nestedTargets(facts);
  if (!ordered) return undefined;
  const supports = [
    ...(facts.every((fact) => fact.approval === 'APPROVED') ? ['all plans are approved'] : []),
    ...(areInSequence(facts) ? [`the plan dates are ${LEAST_DAYS} days or more apart`] : []),
  ];
  ledger.evidence.push('the target of each plan lies inside that of another: a boost', ...supports);
  if (supports.length === 0) return undefined;
  const role = (fact: UnitFacts): DoseRole => (fact === ordered[0] ? 'primary' : 'boost');
  const reason = 'nested targets, with plans that are approved or dated in sequence';
  return { rule: 'nested_targets_summed', chosen: facts, role, confidence: 'medium', reason };
}

/** Plans that follow each other sooner are as likely versions of one. */
const LEAST_DAYS = 7;
const MS_PER_DAY = 86_400_000;

function areInSequence(facts: UnitFacts[]): boolean {
  if (facts.some(({ date }) => date === '')) return false;
  const days = facts.map(({ date }) => Date.parse(date) / MS_PER_DAY).sort((a, b) => a - b);
  return days.slice(1).every((day, n) => day - days[n] >= LEAST_DAYS);
}

/**
 * The sessions of an adaptive course: plans of one fraction each, on different days and in different frames of
 * reference. They are not versions of each other.
 */
export function adaptiveSessions(facts: UnitFacts[]): boolean {
  const frames = facts.map(({ unit }) => unit.members[0].header.frameOfReferenceUid);
  const isDistinct = (texts: string[]) => !texts.includes('') && new Set(texts).size === texts.length;
  return (
    facts.length > 1 &&
    facts.every((fact) => fact.plannedFractions === 1) &&
    isDistinct(frames) &&
    isDistinct(facts.map(({ date }) => date))
  );
}
