import { finding } from '../../findings.ts';
import type { Check } from '../check.ts';

/** Prescription, approval, and delivered against planned fractions of the selected plans. */
export const plan: Check = {
  name: 'plan',
  meaning: 'the selected plans have a prescription and an approval, and were delivered as planned',
  applies: (facts) => facts.plans.some((found) => found.selected),
  run(facts) {
    const selected = facts.plans.filter((found) => found.selected);
    const each = selected.flatMap((found) => [
      found.prescriptionGy === undefined &&
        finding('NO_PRESCRIPTION', found.sopInstanceUid, 'the plan states no prescribed dose'),
      found.approvalStatus !== 'APPROVED' &&
        finding('PLAN_NOT_APPROVED', found.sopInstanceUid, `approval status is '${found.approvalStatus || 'absent'}'`),
    ]);
    const planned = selected.reduce((sum, found) => sum + (found.fractionsPlanned ?? 0), 0);
    const differs = facts.fractionsDelivered > 0 && planned > 0 && facts.fractionsDelivered !== planned;
    const delivered =
      differs &&
      finding('FRACTIONS_DIFFER', 'course', `${facts.fractionsDelivered} fractions recorded, ${planned} planned`);
    return [...each, delivered].filter((item) => item !== false);
  },
};
