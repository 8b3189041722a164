import type { DoseUnit } from './units.ts';

/** Whether two units are of one plan. */
export function sharesPlan(a: DoseUnit, b: DoseUnit): boolean {
  return a.planUids.some((uid) => b.planUids.includes(uid));
}

/** Whether any two units are of one plan: then they are versions of one dose and never add up. */
export function haveRivals(units: DoseUnit[]): boolean {
  return units.some((unit, n) => units.slice(n + 1).some((other) => sharesPlan(unit, other)));
}
