import {
  COURSE_COLUMNS,
  NO_ROI,
  POSITION_COLUMNS,
  positionCells,
  ROI_COLUMNS,
  ROI_KEY,
  roiCells,
} from '../rt/row-identity.ts';
import { keyCells } from '../tables/key.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import {
  type Check,
  type CheckFinding,
  type CheckResult,
  type QcThresholds,
  type QcVolumes,
  type Verdict,
  verdictOf,
} from './check.ts';
import { approvals } from './checks/approvals.ts';
import { bodyOutline } from './checks/body-outline.ts';
import { bodyRegion } from './checks/body-region.ts';
import { contrast } from './checks/contrast.ts';
import { dates } from './checks/dates.ts';
import { dose } from './checks/dose.ts';
import { doseCoverage } from './checks/dose-coverage.ts';
import { doseGrid } from './checks/dose-grid.ts';
import { fieldOfView } from './checks/field-of-view.ts';
import { framesOfReference } from './checks/frames-of-reference.ts';
import { huCalibration } from './checks/hu-calibration.ts';
import { imageChoice } from './checks/image-choice.ts';
import { imageGeometry } from './checks/image-geometry.ts';
import { monitorUnits } from './checks/monitor-units.ts';
import { objects } from './checks/objects.ts';
import { plan } from './checks/plan.ts';
import { prescription } from './checks/prescription.ts';
import { structureBorders } from './checks/structure-borders.ts';
import { structureContent } from './checks/structure-content.ts';
import { structureOverlap } from './checks/structure-overlap.ts';
import { structurePieces } from './checks/structure-pieces.ts';
import { structureSides } from './checks/structure-sides.ts';
import { structureVolume } from './checks/structure-volume.ts';
import { structures } from './checks/structures.ts';
import { targetDose } from './checks/target-dose.ts';
import type { CourseFacts } from './facts.ts';

/** Every check, in the order of the tables: the objects, images, structures, plans and doses of a course. */
export const CHECKS: Check[] = [
  objects,
  imageChoice,
  imageGeometry,
  huCalibration,
  fieldOfView,
  contrast,
  bodyRegion,
  framesOfReference,
  structures,
  structureBorders,
  structurePieces,
  structureSides,
  structureOverlap,
  structureVolume,
  structureContent,
  bodyOutline,
  approvals,
  dates,
  plan,
  prescription,
  monitorUnits,
  dose,
  doseGrid,
  doseCoverage,
  targetDose,
];

/** `qc` of the configuration, as far as the checks need it. */
export interface QcSettings {
  thresholds: QcThresholds;
  volumes_cc: QcVolumes;
}

export function checkCourse(facts: CourseFacts, settings: QcSettings): CheckResult[] {
  return CHECKS.map((check) => {
    if (!check.applies(facts)) return { check: check.name, verdict: 'SKIP', findings: [] };
    const findings = check.run(facts, settings.thresholds, settings.volumes_cc);
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
  column('status', 'string', 'PASS, WARNING, FAIL, or SKIP if there was nothing to check'),
  column('severity', 'string', 'info, warning or error; empty if the check found nothing'),
  column('code', 'string', 'code of the finding'),
  column('where', 'string', 'object of the finding: a UID, a structure number'),
  ...POSITION_COLUMNS,
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
  return { ...identity, ...about, check, status, severity, code, where, message, ...positionCells(found?.positionMm) };
}
