import { type Finding, finding } from '../../findings.ts';
import type { Check } from '../check.ts';

/** A treated plan must be approved. The check `plan` reports plans without approval. */
export const approvals: Check = {
  name: 'approvals',
  meaning: 'the structure set of the plan is approved, and neither is rejected',
  applies: (facts) => facts.structureSets.some(({ isPrimary }) => isPrimary) || facts.plans.some((one) => one.selected),
  run(facts) {
    const rejected = (uid: string, what: string): Finding =>
      finding('APPROVAL_REJECTED', uid, `the ${what} has the approval status REJECTED`);
    const ofSets = facts.structureSets
      .filter(({ isPrimary }) => isPrimary)
      .flatMap(({ sopInstanceUid: uid, approvalStatus: status }) => {
        if (status === 'REJECTED') return [rejected(uid, 'structure set')];
        if (status === 'APPROVED') return [];
        return [finding('STRUCTURE_SET_NOT_APPROVED', uid, `approval status is '${status || 'absent'}'`)];
      });
    const ofPlans = facts.plans
      .filter((plan) => plan.selected && plan.approvalStatus === 'REJECTED')
      .map(({ sopInstanceUid }) => rejected(sopInstanceUid, 'plan'));
    return [...ofSets, ...ofPlans];
  },
};
