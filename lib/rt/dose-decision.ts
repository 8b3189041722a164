/** Which rule decided; the first of the order that fired. */
export type DoseRule =
  | 'override'
  | 'override_invalid'
  | 'no_doses'
  | 'no_usable_dose'
  | 'other_frame_of_reference'
  | 'separate_frames_no_sum'
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
  | 'covered'
  | 'superseded'
  | 'not_clinical'
  | 'unusable';

/** One dose that is added up. */
export interface SelectedDose {
  doseUid: string;
  /** Multiplies the dose before it is added: 1, or the fractions of a dose of one session. */
  weight: number;
  /** The registration that takes it to the frame of the structure set, when its own frame is another. */
  registrationUid?: string;
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
  alternatives: SelectedDose[][];
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
}
