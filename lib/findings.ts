import { FINDINGS, type FindingCode, type Severity } from './finding-register.ts';

export type { FindingCode, Severity } from './finding-register.ts';

/** Something odd in the data, as data: it travels beside the result instead of stopping it. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** What it is about: a SOP Instance UID, a ROI number, a key. Never a patient's name or number. */
  where: string;
  /** One sentence for a person. */
  message: string;
}

/** The register says how severe it is. */
export function finding(code: FindingCode, where: string, message: string): Finding {
  return { code, severity: FINDINGS[code].severity, where, message };
}
