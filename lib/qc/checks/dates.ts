import { type Finding, finding } from '../../findings.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { CourseFacts } from '../facts.ts';

interface Step {
  what: string;
  date: string;
  uid: string;
}

/** First the image, then the structures, then the plan, then the treatment. What states no date is left out. */
export const dates: Check = {
  name: 'dates',
  meaning: 'planning image, structure set, plan and first fraction are in this order, within weeks',
  applies: (facts) => chainsOf(facts).some((chain) => chain.length > 1),
  run(facts, thresholds) {
    const found = chainsOf(facts).flatMap((chain) => [...outOfOrder(chain), ...long(chain, thresholds)]);
    return [...new Map(found.map((one) => [`${one.code} ${one.where} ${one.message}`, one])).values()];
  },
};

/** One chain for each selected plan. */
function chainsOf({ images, structureSets, plans, sessions }: CourseFacts): Step[][] {
  const image = images.find(({ isPlanningImage }) => isPlanningImage);
  const set = structureSets.find(({ isPrimary }) => isPrimary);
  return plans
    .filter(({ selected }) => selected)
    .map((plan) => {
      const ofPlan = sessions.filter(({ planUid, date }) => planUid === plan.sopInstanceUid && date !== '');
      const first = ofPlan.map(({ date }) => date).sort()[0] ?? '';
      const chain: Step[] = [
        { what: 'the planning image', date: image?.date ?? '', uid: image?.seriesInstanceUid ?? '' },
        { what: 'the structure set', date: set?.date ?? '', uid: set?.sopInstanceUid ?? '' },
        { what: 'the plan', date: plan.date, uid: plan.sopInstanceUid },
        { what: 'the first fraction', date: first, uid: plan.sopInstanceUid },
      ];
      return chain.filter(({ date }) => date !== '');
    });
}

function outOfOrder(chain: Step[]): Finding[] {
  return chain.slice(1).flatMap((later, n) => {
    const days = daysBetween(chain[n].date, later.date);
    if (days >= 0) return [];
    return [finding('DATES_OUT_OF_ORDER', later.uid, `${later.what} lies ${-days} days before ${chain[n].what}`)];
  });
}

/** The first fraction of a boost follows the main plan by weeks: the plan counts where it is dated. */
function long(chain: Step[], { planning_days: most }: QcThresholds): Finding[] {
  const [image] = chain;
  const after = chain.find(({ what }) => what === 'the plan') ?? chain.at(-1);
  if (image?.what !== 'the planning image' || !after) return [];
  const days = daysBetween(image.date, after.date);
  if (days <= most) return [];
  return [finding('PLANNING_INTERVAL_LONG', after.uid, `${after.what} is ${days} days later than the planning image`)];
}

const DAY_MS = 86_400_000;

function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
}
