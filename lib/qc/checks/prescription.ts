import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';
import type { PlanFacts } from '../facts.ts';

/** What the plan prescribes to its targets, and what its beams add up to at their specification points. */
export const prescription: Check = {
  name: 'prescription',
  meaning: 'the number of fractions times the beam doses gives the prescription of the plan',
  applies: (facts) => facts.plans.some(isComparable),
  run(facts, { prescription_percent: most }) {
    return facts.plans
      .filter(isComparable)
      .flatMap(({ prescriptionGy = 0, deliveredByBeamsGy = 0, sopInstanceUid }) => {
        const percent = 100 * Math.abs(deliveredByBeamsGy / prescriptionGy - 1);
        if (!(percent > most)) return [];
        const message = `the beams of all fractions give ${deliveredByBeamsGy.toFixed(2)} Gy, the prescription is ${prescriptionGy.toFixed(2)} Gy`;
        return [finding('PRESCRIPTION_CONTRADICTED', sopInstanceUid, message)];
      });
  },
};

function isComparable({ selected, isTargetPrescription, deliveredByBeamsGy, prescriptionGy }: PlanFacts): boolean {
  return selected && isTargetPrescription && deliveredByBeamsGy !== undefined && prescriptionGy !== undefined;
}
