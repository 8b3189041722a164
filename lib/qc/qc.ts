import type { Finding } from '../findings.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import { type Check, type CheckResult, type Verdict, verdictOf } from './check.ts';
import { dose } from './dose.ts';
import { doseCoverage } from './dose-coverage.ts';
import type { CourseFacts } from './facts.ts';
import { framesOfReference } from './frames-of-reference.ts';
import { imageGeometry } from './image-geometry.ts';
import { objects } from './objects.ts';
import { plan } from './plan.ts';
import { structureBorders } from './structure-borders.ts';
import { structures } from './structures.ts';

export const CHECKS: Check[] = [
  objects,
  imageGeometry,
  framesOfReference,
  structures,
  structureBorders,
  plan,
  dose,
  doseCoverage,
];

export function checkCourse(facts: CourseFacts): CheckResult[] {
  return CHECKS.map((check) => {
    if (!check.applies(facts)) return { check: check.name, verdict: 'SKIP', findings: [] };
    const findings = check.run(facts);
    return { check: check.name, verdict: verdictOf(findings), findings };
  });
}

/** FAIL if any check fails, else WARNING if any warns, else PASS; an empty course fails by its missing objects. */
export function overallVerdict(results: CheckResult[]): Verdict {
  return verdictOf(results.flatMap((result) => result.findings));
}

export const QC_COLUMNS: Column[] = [
  column('patient_id', 'string', 'patient', '', '(0010,0020)'),
  column('course_id', 'string', 'course, a hash of its anchor UIDs'),
  column(
    'check',
    'string',
    `name of the check; ${CHECKS.map((check) => `${check.name}: ${check.meaning}`).join('; ')}`,
  ),
  column('status', 'string', 'PASS, WARNING, FAIL, or SKIP when there was nothing to look at'),
  column('severity', 'string', 'info, warning or error; empty on the row of a check that found nothing'),
  column('code', 'string', 'stable name of what was found'),
  column('where', 'string', 'what it is about: a UID, a structure number'),
  column('message', 'string', 'the finding in words'),
];

/** One row per finding; a check without findings has one row all the same; the last row is the overall verdict. */
export function qcRows(identity: Row, results: CheckResult[]): Row[] {
  const rows = results.flatMap(({ check, verdict, findings }) =>
    findings.length === 0
      ? [rowOf(identity, check, verdict)]
      : findings.map((found) => rowOf(identity, check, verdict, found)),
  );
  return [...rows, rowOf(identity, 'overall', overallVerdict(results))];
}

function rowOf(identity: Row, check: string, status: Verdict, found?: Finding): Row {
  const { severity = '', code = '', where = '', message = '' } = found ?? {};
  return { ...identity, check, status, severity, code, where, message };
}
