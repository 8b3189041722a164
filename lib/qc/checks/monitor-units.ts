import { type Finding, finding } from '../../findings.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { CourseFacts, PlanFacts } from '../facts.ts';

/** Monitor units are planned for every beam, in a plausible ratio to its dose, and delivered. */
export const monitorUnits: Check = {
  name: 'monitor_units',
  meaning: 'planned and delivered monitor units are plausible and agree',
  applies: (facts) => facts.plans.some(({ selected, beams }) => selected && beams.length > 0),
  run(facts, thresholds) {
    return facts.plans
      .filter(({ selected, beams }) => selected && beams.length > 0)
      .flatMap((plan) => [...missing(plan), ...unusual(plan, thresholds), ...delivered(plan, facts, thresholds)]);
  },
};

function missing({ beams, sopInstanceUid }: PlanFacts): Finding[] {
  const without = beams.filter(({ meterset }) => !(meterset !== undefined && meterset > 0)).map(({ number }) => number);
  if (without.length === 0) return [];
  return [finding('MU_MISSING', sopInstanceUid, `beams without monitor units: ${without.join(', ')}`)];
}

/** Of the whole fraction: the dose of a beam may be stated at a point that others see better. */
function unusual({ beams, sopInstanceUid }: PlanFacts, thresholds: QcThresholds): Finding[] {
  const isKnown = beams.every(
    ({ metersetUnit, meterset = 0, doseGy = 0 }) => metersetUnit === 'MU' && meterset > 0 && doseGy > 0,
  );
  if (!isKnown) return [];
  const sum = (values: (number | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const perGy = sum(beams.map(({ meterset }) => meterset)) / sum(beams.map(({ doseGy }) => doseGy));
  if (perGy >= thresholds.mu_per_gy_least && perGy <= thresholds.mu_per_gy_most) return [];
  return [finding('MU_UNUSUAL', sopInstanceUid, `the beams have ${perGy.toFixed(0)} MU per Gy`)];
}

function delivered(plan: PlanFacts, { sessions }: CourseFacts, thresholds: QcThresholds): Finding[] {
  const planned = plan.beams.reduce((sum, { meterset }) => sum + (meterset ?? 0), 0);
  const differing = sessions.filter(({ planUid, isPart, deliveredMeterset: mu }) => {
    if (planUid !== plan.sopInstanceUid || isPart || mu === undefined || planned === 0) return false;
    return 100 * Math.abs(mu / planned - 1) > thresholds.meterset_percent;
  });
  if (differing.length === 0) return [];
  const example = `${differing[0].deliveredMeterset?.toFixed(1)} instead of ${planned.toFixed(1)} MU`;
  const message = `${differing.length} delivered fractions have other monitor units than the plan, such as ${example}`;
  return [finding('METERSET_DIFFERS', plan.sopInstanceUid, message)];
}
