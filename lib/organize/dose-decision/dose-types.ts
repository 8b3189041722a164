import type { Ledger } from './ledger.ts';
import { sharesPlan } from './rivals.ts';
import type { DoseUnit } from './units.ts';

/** Radiations that are prescribed with their biological effectiveness, in Gy (RBE). */
const RBE_WEIGHTED = ['PROTON', 'ION', 'NEUTRON'];

/**
 * One type of dose where plans have a physical and an effective (RBE-weighted) one: the effective one of protons, ions
 * and neutrons, whose prescriptions are RBE-weighted, else the physical one. The other stays with it as `otherType`.
 * All stay when the chosen type lacks a plan, or a plan is not in the upload: then nothing says what was prescribed.
 */
export function oneTypePerPlan(units: DoseUnit[], ledger: Ledger): DoseUnit[] {
  return units.flatMap((unit) => {
    const preferred = preferredType(unit);
    const rivals = units.filter(
      (other) => other !== unit && other.doseType !== unit.doseType && sharesPlan(unit, other),
    );
    if (rivals.length === 0) {
      const isUnweighted = unit.plans.length > 0 && preferred === 'EFFECTIVE' && unit.doseType !== 'EFFECTIVE';
      if (isUnweighted)
        ledger.warnings.push(`dose ${unit.doses[0].doseUid} is physical, but its plan prescribes RBE-weighted dose`);
      return [unit];
    }
    if (unit.plans.length < unit.planUids.length) return [unit];
    if (unit.doseType !== preferred) return covers(rivals, preferred, unit) ? [] : [unit];
    const replaced = rivals.filter((other) => covers([unit], preferred, other));
    for (const other of replaced) {
      for (const dose of other.members)
        ledger.setAside(dose, 'other_type', `the ${preferred} dose of the plan is used: it matches the prescription`);
      const text = `the plan has a ${preferred} and a ${other.doseType || 'untyped'} dose (${other.doses[0].doseUid}): the ${preferred} one is used`;
      ledger.find('DOSE_TYPE_CHOSEN', unit.doses[0].doseUid, text);
    }
    return [
      replaced.length === 1 && covers(replaced, replaced[0].doseType, unit)
        ? { ...unit, otherType: replaced[0] }
        : unit,
    ];
  });
}

/** Whether units of a type hold all plans of another unit. */
function covers(units: DoseUnit[], doseType: string, { planUids }: DoseUnit): boolean {
  const held = new Set(units.filter((unit) => unit.doseType === doseType).flatMap((unit) => unit.planUids));
  return planUids.every((uid) => held.has(uid));
}

function preferredType({ plans }: DoseUnit): string {
  const isWeighted = plans.some(({ plan }) => plan.beams.some((beam) => RBE_WEIGHTED.includes(beam.radiationType)));
  return isWeighted ? 'EFFECTIVE' : 'PHYSICAL';
}
