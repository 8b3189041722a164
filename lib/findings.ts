/** `error`: a result is missing because of it; `warning`: a result may differ; `info`: worth knowing. */
export type Severity = 'info' | 'warning' | 'error';

/** Something odd in the data, as data: it travels beside the result instead of stopping it. */
export interface Finding {
  /** Stable, upper snake case: `DOSE_WITHOUT_PLAN`. */
  code: string;
  severity: Severity;
  /** What it is about: a SOP Instance UID, a ROI number, a key. Never a patient's name or number. */
  where: string;
  /** One sentence for a person. */
  message: string;
}

export function finding(severity: Severity, code: string, where: string, message: string): Finding {
  return { code, severity, where, message };
}
