import type { Config } from '../config.ts';
import type { Finding, Severity } from '../findings.ts';
import type { RoiIdentity } from '../rt/row-identity.ts';
import type { CourseFacts } from './facts.ts';

/** `SKIP`: nothing to look at. */
export type Verdict = 'PASS' | 'WARNING' | 'FAIL' | 'SKIP';

/** What a check found, with all that the tables say of the structure that it is about. */
export interface CheckFinding extends Finding {
  roi?: RoiIdentity;
}

/** Limits that a check holds its facts against: `qc.thresholds` of the configuration. */
export type QcThresholds = Config['qc']['thresholds'];

/** Least and most volume of structures by name or pattern, cc: `qc.volumes_cc` of the configuration. */
export type QcVolumes = Config['qc']['volumes_cc'];

/** A check looks at the facts of a course and answers with what it found; nothing found is a pass. */
export interface Check {
  name: string;
  /** One sentence for the data dictionary and the report. */
  meaning: string;
  /** False when the course has nothing that the check could look at. */
  applies(facts: CourseFacts): boolean;
  run(facts: CourseFacts, thresholds: QcThresholds, volumesCc: QcVolumes): CheckFinding[];
}

export interface CheckResult {
  check: string;
  verdict: Verdict;
  findings: CheckFinding[];
}

/** An error fails the check, a warning warns, an info passes. */
export function verdictOf(findings: Finding[]): Verdict {
  const has = (severity: Severity) => findings.some((found) => found.severity === severity);
  if (has('error')) return 'FAIL';
  return has('warning') ? 'WARNING' : 'PASS';
}
