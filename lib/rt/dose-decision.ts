import type { Finding } from '../findings.ts';

/** Which rule decided; the first of the order that fired. */
export type DoseRule =
  | 'override'
  | 'override_invalid'
  | 'no_doses'
  | 'no_usable_dose'
  | 'other_frame_of_reference'
  | 'separate_frames_no_sum'
  | 'adaptive_sessions_summed'
  | 'PLAN_SUM_used'
  | 'beam_doses_summed_to_plan'
  | 'fraction_doses_summed_to_plan'
  | 'brachy_doses_summed_to_plan'
  | 'session_doses_scaled_to_plan'
  | 'single_dose'
  | 'separate_regions_no_sum'
  | 'replan_itt_first'
  | 'delivered_plan'
  | 'approved_plan'
  | 'primary_boost_summed'
  | 'phases_summed'
  | 'delivered_phases_summed'
  | 'related_plans_summed'
  | 'nested_targets_summed'
  | 'ambiguous_no_sum';

/** What a dose is in the course. */
export type DoseRole =
  | 'total'
  | 'plan_sum'
  | 'beam'
  | 'fraction_group'
  | 'application_setup'
  | 'session'
  | 'primary'
  | 'boost'
  | 'phase'
  | 'replan'
  | 'alternative'
  | 'other_region'
  | 'other_frame'
  | 'other_type'
  | 'covered'
  | 'superseded'
  | 'not_clinical'
  | 'unusable';

/** One dose that is added up: an RTDOSE, or several of one plan that lie at different places. */
export interface SelectedDose {
  /** The RTDOSE; of several the first. */
  doseUid: string;
  /** Multiplies the dose before it is added: 1, or the fractions of a dose of one session. */
  weight: number;
  /** The registrations that take it to the frame of the structure set, when its own frame is another. */
  registrationUids?: string[];
  /** RTDOSE objects that fill a box without a gap and form one dose. */
  tileUids?: string[];
  /** All RTDOSE that do not: each ROI is evaluated on the one that covers it. */
  placeUids?: string[];
}

/** The RTDOSE of a selected dose. */
export function instancesOf(dose: SelectedDose): string[] {
  return dose.tileUids ?? dose.placeUids ?? [dose.doseUid];
}

/** Doses that are added up to one result, and what was prescribed for it. */
export interface DoseOption {
  doses: SelectedDose[];
  /** Highest level of each plan, added over the plans that are summed; null when a plan says none. */
  prescriptionGy: number | null;
  /** target_prescription, delivery_maximum, fraction_group, override; several joined by +; '' without. */
  prescriptionSource: string;
  targetPrescriptions: TargetPrescription[];
  /** Which fraction of an adaptive course it is the dose of: as recorded, else the rank of the plan's date. */
  fractionNumber?: number;
}

/** Every dose of the course is one candidate, chosen or not, with the reason. */
export interface DoseCandidate {
  doseUid: string;
  summationType: string;
  planUids: string[];
  role: DoseRole;
  selected: boolean;
  reason: string;
}

/** A level that a target is prescribed to, by one plan. */
export interface TargetPrescription {
  planUid: string;
  description: string;
  roiNumber?: number;
  doseGy: number;
}

/** Which doses are the dose of the course and why: stored in `course.json` and shown. */
export interface DoseDecision {
  rule: DoseRule;
  /** What is added up to the dose of the course; [] when the rules do not allow a choice. */
  selected: SelectedDose[];
  /** True when `selected` has to be added or scaled, false when it is one dose as it stands. */
  sum: boolean;
  /** When nothing is selected because several stand side by side: each of them, to be analysed apart. */
  alternatives: DoseOption[];
  /** The physical dose where the RBE-weighted one was chosen, or the reverse: evaluated too when asked for. */
  otherTypes: DoseOption[];
  candidates: DoseCandidate[];
  /** Highest level of each plan, added over the plans that are summed; null when a plan says none. */
  prescriptionGy: number | null;
  /** target_prescription, delivery_maximum, fraction_group, override; several joined by +; '' without. */
  prescriptionSource: string;
  targetPrescriptions: TargetPrescription[];
  /** Facts that the rule rests on, one sentence each. */
  evidence: string[];
  confidence: 'high' | 'medium' | 'low' | 'none';
  warnings: string[];
  /** What is odd about the doses one by one; `where` is the dose, registration or course. */
  findings: Finding[];
}
