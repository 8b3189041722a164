import { isTreatmentBeam } from '../../rt/beam.ts';
import type { DoseRole, DoseRule } from '../../rt/dose-decision.ts';
import { type Plan, plannedFractions } from '../../rt/plan.ts';
import { planUidsOf } from './dose-order.ts';
import type { DoseQuestion, Ledger } from './ledger.ts';
import type { PlacedDose } from './placed-dose.ts';

/** Doses of parts of a plan that make up the whole of it. */
export interface PlanParts {
  planUid: string;
  doses: PlacedDose[];
  role: DoseRole;
  rule: DoseRule;
  weight: number;
}

interface PartKind {
  type: string;
  role: DoseRole;
  rule: DoseRule;
  /** Numbers of the parts that a dose is of. */
  numbers(dose: PlacedDose): number[];
  /** Numbers of all parts that the plan gives. */
  expected(plan: Plan): number[];
}

/** In order of preference: a dose of larger parts makes those of smaller parts superfluous. */
const PART_KINDS: PartKind[] = [
  {
    type: 'FRACTION',
    role: 'fraction_group',
    rule: 'fraction_doses_summed_to_plan',
    numbers: (dose) => dose.header.planReferences.flatMap((reference) => reference.fractionGroupNumbers),
    expected: (plan) => plan.fractionGroups.map((group) => group.number),
  },
  {
    type: 'BEAM',
    role: 'beam',
    rule: 'beam_doses_summed_to_plan',
    numbers: (dose) => dose.header.planReferences.flatMap((reference) => reference.beamNumbers),
    expected: (plan) => plan.beams.filter(isTreatmentBeam).map((beam) => beam.number),
  },
  {
    type: 'BRACHY',
    role: 'application_setup',
    rule: 'brachy_doses_summed_to_plan',
    numbers: (dose) => dose.header.planReferences.flatMap((reference) => reference.setupNumbers),
    expected: (plan) => plan.brachy?.setups.map((setup) => setup.number) ?? [],
  },
];

/** The plans whose parts are all there. FRACTION is a whole fraction group, FRACTION_SESSION one session of it. */
export function partsOfPlans(doses: PlacedDose[], question: DoseQuestion, ledger: Ledger): PlanParts[] {
  const byPlan = Map.groupBy(doses, (dose) => planUidsOf(dose)[0] ?? '');
  return [...byPlan].flatMap(([planUid, group]) => {
    const plan = question.plans.find((candidate) => candidate.sopInstanceUid === planUid)?.plan;
    for (const kind of PART_KINDS) {
      const ofKind = group.filter((dose) => dose.header.summationType === kind.type);
      const parts = ofKind.length > 0 ? completeParts(ofKind, planUid, plan, kind, ledger) : undefined;
      if (!parts) continue;
      const others = group.filter((dose) => dose.header.summationType !== kind.type);
      for (const dose of others)
        ledger.setAside(dose, 'covered', `the ${kind.type} doses of the plan already include it`);
      return [parts];
    }
    const sessions = group.filter((dose) => dose.header.summationType === 'FRACTION_SESSION');
    return sessions.length > 0 ? scaledSession(sessions, planUid, plan, ledger) : [];
  });
}

function completeParts(
  doses: PlacedDose[],
  planUid: string,
  plan: Plan | undefined,
  kind: PartKind,
  ledger: Ledger,
): PlanParts | undefined {
  const problem = incompleteness(doses, plan, kind);
  if (problem) {
    for (const dose of doses) ledger.setAside(dose, 'unusable', problem);
    ledger.warnings.push(`the ${kind.type} doses of a plan are not used: ${problem}`);
    return undefined;
  }
  if (kind.type === 'FRACTION') noteFractionGroup(plan, ledger);
  return { planUid, doses, role: kind.role, rule: kind.rule, weight: 1 };
}

/** FRACTION means a whole fraction group (PS3.3 C.8.8.3), but its name leads some to write one fraction. */
function noteFractionGroup(plan: Plan | undefined, ledger: Ledger): void {
  if (!plan) {
    ledger.warnings.push('the plan of a FRACTION dose is missing: it is read as the dose of the whole plan');
  } else if (plannedFractions(plan) !== 1) {
    ledger.warnings.push('a FRACTION dose is read as the complete dose of its fraction group, not as one fraction');
  }
}

/** Why the doses do not make up the plan; '' when they do. Without the plan only a fraction group can be trusted. */
function incompleteness(doses: PlacedDose[], plan: Plan | undefined, kind: PartKind): string {
  const given = doses.flatMap((dose) => kind.numbers(dose));
  const trusted = kind.type === 'FRACTION' && (doses.length === 1 || given.length > 0);
  if (!plan) return trusted ? '' : 'the plan that lists the parts is missing';
  const expected = kind.expected(plan);
  if (new Set(given).size < given.length) return 'some parts of the plan are in more than one dose';
  if (given.length === 0) {
    return doses.length === expected.length ? '' : `${doses.length} doses for the ${expected.length} parts of the plan`;
  }
  const missing = expected.filter((number) => !given.includes(number));
  return missing.length === 0 ? '' : `no dose for part ${missing.join(', ')} of the plan`;
}

/** One session times the fractions planned; set aside when their number is unknown or groups differ. */
function scaledSession(doses: PlacedDose[], planUid: string, plan: Plan | undefined, ledger: Ledger): PlanParts[] {
  const group = plan?.fractionGroups.length === 1 ? plan.fractionGroups[0] : undefined;
  const problem =
    doses.length > 1
      ? 'the plan has several doses of one session, and the files do not say which one to use'
      : 'it is the dose of one session, but the number of sessions is unknown';
  if (doses.length > 1 || !group?.fractionsPlanned) {
    for (const dose of doses) ledger.setAside(dose, 'unusable', problem);
    return [];
  }
  ledger.warnings.push(`the dose of one session is multiplied by ${group.fractionsPlanned} planned fractions`);
  const weight = group.fractionsPlanned;
  return [{ planUid, doses, role: 'session', rule: 'session_doses_scaled_to_plan', weight }];
}
