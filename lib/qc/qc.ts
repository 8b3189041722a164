import { COURSE_COLUMNS, NO_ROI, ROI_COLUMNS, ROI_KEY, roiCells } from '../rt/row-identity.ts';
import { keyCells } from '../tables/key.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import { type Check, type CheckFinding, type CheckResult, type Verdict, verdictOf } from './check.ts';
import { dose } from './dose.ts';
import { doseCoverage } from './dose-coverage.ts';
import type { CourseFacts } from './facts.ts';
import { framesOfReference } from './frames-of-reference.ts';
import { imageChoice } from './image-choice.ts';
import { imageGeometry } from './image-geometry.ts';
import { objects } from './objects.ts';
import { plan } from './plan.ts';
import { structureBorders } from './structure-borders.ts';
import { structures } from './structures.ts';

export const CHECKS: Check[] = [
  objects,
  imageChoice,
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
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
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

export const QC_KEY = [...ROI_KEY, 'check', 'code', 'where', 'message'];

/**
 * One row per finding; a check without findings has one row all the same; the last row is the overall verdict.
 * What is found twice of one thing is one row.
 */
export function qcRows(identity: Row, results: CheckResult[]): Row[] {
  const rows = results.flatMap(({ check, verdict, findings }) =>
    findings.length === 0
      ? [rowOf(identity, check, verdict)]
      : findings.map((found) => rowOf(identity, check, verdict, found)),
  );
  const all = [...rows, rowOf(identity, 'overall', overallVerdict(results))];
  return [...new Map(all.map((row) => [JSON.stringify(keyCells({ key: QC_KEY }, row)), row])).values()];
}

function rowOf(identity: Row, check: string, status: Verdict, found?: CheckFinding): Row {
  const { severity = '', code = '', where = '', message = '', roi } = found ?? {};
  const objects = { structure_set_uid: found?.structureSetUid ?? '', image_series_uid: found?.imageSeriesUid ?? null };
  const about = roi ? roiCells(roi) : { ...NO_ROI, ...objects };
  return { ...identity, ...about, check, status, severity, code, where, message };
}
