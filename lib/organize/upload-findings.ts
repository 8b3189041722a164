import { type Finding, type FindingCode, finding } from '../findings.ts';
import type { UnassignedReason, UnassignedRow } from './unassigned.ts';

/** A finding on what is in no course. */
export interface UploadFinding extends Finding {
  /** '' where no patient is known. */
  patientId: string;
}

/** What is odd in the upload beyond its courses: UIDs given twice, and what was left out, once per patient and reason. */
export function uploadFindings(found: Finding[], unassigned: UnassignedRow[]): UploadFinding[] {
  const patientOf = new Map(unassigned.map((row) => [row.sopInstanceUid, row.patientId]));
  const groups = Map.groupBy(
    unassigned.filter(({ reason }) => reason !== 'conflicting_duplicate'),
    ({ patientId, reason }) => `${patientId}\n${reason}`,
  );
  return [
    ...found.map((one) => ({ ...one, patientId: patientOf.get(one.where) ?? '' })),
    ...[...groups.values()].map(leftOut),
  ];
}

function leftOut(rows: UnassignedRow[]): UploadFinding {
  const [{ patientId, reason, message }] = rows;
  const code = CODES[reason] ?? 'INSTANCES_UNASSIGNED';
  const count = rows.length === 1 ? '1 file' : `${rows.length} files`;
  return { ...finding(code, reason, `${count}, such as: ${message}`), patientId };
}

const CODES: Partial<Record<UnassignedReason, FindingCode>> = {
  not_dicom: 'FILES_NOT_DICOM',
  unreadable: 'FILES_UNREADABLE',
  not_a_file: 'FILES_UNREADABLE',
  not_received: 'INSTANCES_NOT_RECEIVED',
  archive: 'FILES_UNREADABLE',
  not_organized: 'PATIENT_NOT_ORGANIZED',
};
