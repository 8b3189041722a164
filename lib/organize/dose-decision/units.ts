import type { CoursePlan } from '../../rt/course.ts';
import type { DoseRole, DoseRule, SelectedDose } from '../../rt/dose-decision.ts';
import { newestFirst, planUidsOf } from './dose-order.ts';
import { joinPlaces } from './join-places.ts';
import type { DoseQuestion, Ledger } from './ledger.ts';
import { type PlacedDose, partsOf } from './placed-dose.ts';
import { partsOfPlans } from './plan-parts.ts';
import type { Framed } from './screen.ts';

/** Doses that together are the planned total of one plan, or of several that were summed before. */
export interface DoseUnit {
  doses: SelectedDose[];
  members: PlacedDose[];
  role: DoseRole;
  /** The rule that made it, when it is the only unit of the course. */
  rule: DoseRule;
  /** Plans that it covers, in the upload or not. */
  planUids: string[];
  plans: CoursePlan[];
  /** PHYSICAL, EFFECTIVE or ''. */
  doseType: string;
  /** The unit of the same plans with the other type of dose, which was not chosen. */
  otherType?: DoseUnit;
}

/** Reduce doses to one unit per plan and type: sums first, then plan doses, then the parts of plans with neither. */
export function doseUnits(framed: Framed, question: DoseQuestion, ledger: Ledger): DoseUnit[] {
  const joined = joinPlaces(framed.doses, ledger);
  const byType = Map.groupBy(joined, (dose) => dose.header.doseType);
  return [...byType].flatMap(([doseType, doses]) => unitsOfType(doses, doseType, { framed, question, ledger }));
}

interface Making {
  framed: Framed;
  question: DoseQuestion;
  ledger: Ledger;
}

function unitsOfType(doses: PlacedDose[], doseType: string, { framed, question, ledger }: Making): DoseUnit[] {
  const unit = (members: PlacedDose[], role: DoseRole, rule: DoseRule, planUids: string[], weight = 1): DoseUnit => ({
    doses: members.map((dose) => selectedDose(dose, weight, framed)),
    members,
    role,
    rule,
    planUids,
    plans: question.plans.filter((plan) => planUids.includes(plan.sopInstanceUid)),
    doseType,
  });
  const sums = planSums(doses.filter(isPlanSum), question, ledger);
  const covered = new Set(sums.flatMap((sum) => sum.planUids));
  const rest = doses.filter((dose) => {
    if (isPlanSum(dose)) return false;
    const uids = planUidsOf(dose);
    const isCovered = sums.length > 0 && uids.every((uid) => covered.has(uid));
    if (isCovered) ledger.setAside(dose, 'covered', 'a plan sum already includes it');
    if (isCovered && uids.length === 0)
      ledger.warnings.push('a dose that names no plan is assumed to be in the plan sum');
    return !isCovered;
  });
  const whole = rest.filter(isPlanDose);
  const wholeUids = new Set(whole.flatMap(planUidsOf));
  const parts = rest.filter((dose) => {
    if (isPlanDose(dose)) return false;
    const isCovered = planUidsOf(dose).length > 0 && planUidsOf(dose).every((uid) => wholeUids.has(uid));
    if (isCovered) ledger.setAside(dose, 'covered', 'the dose of the whole plan already includes it');
    return !isCovered;
  });
  return [
    ...sums.map((sum) => unit([sum.dose], 'plan_sum', 'PLAN_SUM_used', sum.planUids)),
    ...whole.map((dose) => unit([dose], 'total', 'single_dose', planUidsOf(dose))),
    ...partsOfPlans(parts, question, ledger).map((part) =>
      unit(part.doses, part.role, part.rule, [part.planUid], part.weight),
    ),
  ];
}

function isPlanSum(dose: PlacedDose): boolean {
  const { summationType } = dose.header;
  return ['PLAN_SUM', 'MULTI_PLAN'].includes(summationType) || (isPlanDose(dose) && planUidsOf(dose).length > 1);
}

function isPlanDose(dose: PlacedDose): boolean {
  return dose.header.summationType === 'PLAN';
}

interface PlanSum {
  dose: PlacedDose;
  planUids: string[];
}

/**
 * The sum of most plans first; a further one only if it shares no plan with those taken, or holds as many: then both
 * stay as rivals.
 */
function planSums(doses: PlacedDose[], question: DoseQuestion, ledger: Ledger): PlanSum[] {
  const taken: PlanSum[] = [];
  const ordered = newestFirst(doses).sort((a, b) => planUidsOf(b).length - planUidsOf(a).length);
  for (const dose of ordered) {
    const named = planUidsOf(dose);
    const shares = taken.filter((sum) => named.length === 0 || sum.planUids.some((uid) => named.includes(uid)));
    const isRival = shares.some((sum) => planUidsOf(sum.dose).length === named.length);
    if (shares.length > 0 && !isRival) {
      ledger.setAside(dose, 'superseded', 'another plan sum of more plans is used');
      if (!named.every((uid) => shares.some((sum) => sum.planUids.includes(uid)))) {
        ledger.warnings.push('two plan sums share some of their plans but not all: the larger one is used');
      }
      continue;
    }
    if (named.length === 0)
      ledger.warnings.push('the plan sum names no plans: it is assumed to include all plans of the course');
    const all = question.plans.map((plan) => plan.sopInstanceUid);
    taken.push({ dose, planUids: named.length > 0 ? named : all });
  }
  return taken;
}

function selectedDose(dose: PlacedDose, weight: number, framed: Framed): SelectedDose {
  const registrationUids = framed.registrationsOf.get(dose.sopInstanceUid);
  const uids = partsOf(dose).map((part) => part.sopInstanceUid);
  return {
    doseUid: dose.sopInstanceUid,
    weight,
    ...(registrationUids && { registrationUids }),
    ...(dose.tiles && { tileUids: uids }),
    ...(dose.places && { placeUids: uids }),
  };
}
