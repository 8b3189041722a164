import type { Holder } from './holder.ts';

/**
 * Takes CPUs back from the jobs that hold most, one for each job that waits for one, or else gives the free ones
 * to the jobs that hold fewest of what they want. Answers with how many it gave away; each job whose number changed
 * hears of it.
 */
export function balance(holders: Holder[], free: number, blocked: number): number {
  const before = new Map(holders.map((holder) => [holder, holder.target]));
  const flexible = holders.filter(({ resize }) => resize);
  const given = blocked > 0 ? takeBack(flexible, blocked - free) : giveAway(flexible, free);
  for (const holder of flexible) if (holder.target !== before.get(holder)) holder.resize?.(holder.target);
  return given;
}

function takeBack(holders: Holder[], needed: number): number {
  const coming = holders.reduce((sum, { cpus, target }) => sum + cpus - target, 0);
  for (let short = needed - coming; short > 0; short--) {
    const largest = extreme(holders, ({ target }) => (target > 1 ? -target : undefined));
    if (!largest) break;
    largest.target -= 1;
  }
  return 0;
}

/** A job that has not yet let go of what it was to give back may keep that; it costs nothing. */
function giveAway(holders: Holder[], free: number): number {
  let given = 0;
  for (;;) {
    const smallest = extreme(holders, ({ cpus, target, wants, most }) => {
      const isFull = target >= Math.min(wants, most) || (target === cpus && given === free);
      return isFull ? undefined : target;
    });
    if (!smallest) return given;
    smallest.target += 1;
    if (smallest.target <= smallest.cpus) continue;
    smallest.cpus += 1;
    given += 1;
  }
}

/** The first with the lowest rank; without a rank it is out of question. */
function extreme(holders: Holder[], rankOf: (holder: Holder) => number | undefined): Holder | undefined {
  const ranked = holders.flatMap((holder) => {
    const rank = rankOf(holder);
    return rank === undefined ? [] : [{ holder, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank)[0]?.holder;
}
