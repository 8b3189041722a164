import type { ObjectKind } from './object-kind.ts';

/** Why an instance, or a file that is not one, belongs to no course. */
export type UnassignedReason =
  | 'not_dicom'
  | 'unreadable'
  | 'not_a_file'
  | 'not_received'
  | 'archive'
  | 'not_organized'
  | 'missing_identifiers'
  | 'unsupported_object'
  | 'conflicting_duplicate'
  | 'image_not_linked'
  | 'plan_not_found'
  | 'registration_not_linked'
  | 'segmentation_not_linked';

export interface UnassignedRow {
  key: string;
  bytes: number;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  patientId: string;
  reason: UnassignedReason;
  /** One sentence for a person. */
  message: string;
}

/** What an instance needs to be unassigned by: an index row has it. */
export interface Unassignable {
  key: string;
  bytes: number;
  kind: ObjectKind;
  sopInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  patient: { id: string };
}

export function unassigned(row: Unassignable, reason: UnassignedReason, message: string): UnassignedRow {
  return {
    key: row.key,
    bytes: row.bytes,
    sopInstanceUid: row.sopInstanceUid,
    seriesInstanceUid: row.seriesInstanceUid,
    modality: row.modality,
    patientId: row.patient.id,
    reason,
    message,
  };
}
