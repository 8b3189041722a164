import { ownKeys } from '../own-keys.ts';
import type { DoseRule } from '../rt/dose-decision.ts';

/** What a person reads for the rule that decided on the dose of a course. */
const WORDS: Record<DoseRule, string> = {
  override: 'set in the configuration',
  override_invalid: 'the configured dose is not usable',
  no_doses: 'no dose',
  no_usable_dose: 'no usable dose',
  other_frame_of_reference: 'dose in another frame of reference',
  separate_frames_no_sum: 'doses in separate frames of reference, not summed',
  adaptive_sessions_summed: 'adaptive sessions, summed',
  PLAN_SUM_used: 'sum of the planning system',
  beam_doses_summed_to_plan: 'doses of beams, summed',
  fraction_doses_summed_to_plan: 'doses of fraction groups, summed',
  brachy_doses_summed_to_plan: 'doses of brachytherapy, summed',
  session_doses_scaled_to_plan: 'dose of one session, times the fractions',
  single_dose: 'single dose',
  separate_regions_no_sum: 'separate regions, not summed',
  replan_itt_first: 'first plan, without its replan',
  delivered_plan: 'the delivered plan',
  approved_plan: 'the approved plan',
  primary_boost_summed: 'primary and boost, summed',
  phases_summed: 'phases, summed',
  delivered_phases_summed: 'delivered phases, summed',
  related_plans_summed: 'related plans, summed',
  nested_targets_summed: 'plans of nested targets, summed',
  ambiguous_no_sum: 'undecided, not summed',
};

const KNOWN = ownKeys<string>(WORDS);

/** @param rule as it stands in the tables; one of another version is shown as it is written */
export function doseRuleText(rule: unknown): string {
  const text = String(rule ?? '');
  return KNOWN[text] ?? text.replaceAll('_', ' ');
}
