import type { RoiExtent } from '../../rt/structure-set-header.ts';
import type { UnitFacts } from './unit-facts.ts';

/** Targets that lie one in the other: rounding of contours, mm. */
const SLACK_MM = 1;

/**
 * The plans from the one with the largest target to the one with the smallest, when the target of each lies within that
 * of the one before and is smaller; undefined when it does not, or a plan does not say which ROI it treats.
 */
export function nestedTargets(facts: UnitFacts[]): UnitFacts[] | undefined {
  const targets = facts.flatMap((fact) => (fact.targetExtent ? [{ fact, extent: fact.targetExtent }] : []));
  if (targets.length < facts.length) return undefined;
  const ordered = targets.toSorted((a, b) => volumeOf(b.extent) - volumeOf(a.extent));
  const isNested = ordered
    .slice(1)
    .every(({ extent }, n) => isWithin(extent, ordered[n].extent) && volumeOf(extent) < volumeOf(ordered[n].extent));
  return isNested ? ordered.map(({ fact }) => fact) : undefined;
}

function isWithin(inner: RoiExtent, outer: RoiExtent): boolean {
  return [0, 1, 2].every(
    (a) => inner.lowMm[a] >= outer.lowMm[a] - SLACK_MM && inner.highMm[a] <= outer.highMm[a] + SLACK_MM,
  );
}

function volumeOf({ lowMm, highMm }: RoiExtent): number {
  return [0, 1, 2].reduce((product, a) => product * (highMm[a] - lowMm[a]), 1);
}
