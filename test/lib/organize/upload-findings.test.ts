import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '#lib/findings.ts';
import type { UnassignedReason, UnassignedRow } from '#lib/organize/unassigned.ts';
import { uploadFindings } from '#lib/organize/upload-findings.ts';

const row = (reason: UnassignedReason, patientId: string, sopInstanceUid = ''): UnassignedRow => ({
  key: 'a.dcm',
  bytes: 1,
  sopInstanceUid,
  seriesInstanceUid: '',
  modality: '',
  patientId,
  reason,
  message: `why ${reason}`,
});

test('unassigned instances are reported once per patient and reason', () => {
  const found = uploadFindings(
    [finding('CONFLICTING_DUPLICATE', '1.2', 'two contents')],
    [
      row('conflicting_duplicate', 'A', '1.2'),
      row('image_not_linked', 'A'),
      row('image_not_linked', 'A'),
      row('image_not_linked', 'B'),
      row('not_dicom', ''),
      row('unreadable', ''),
    ],
  );
  assert.deepEqual(
    found.map(({ code, severity, patientId, where, message }) => [code, severity, patientId, where, message]),
    [
      ['CONFLICTING_DUPLICATE', 'warning', 'A', '1.2', 'two contents'],
      ['INSTANCES_UNASSIGNED', 'warning', 'A', 'image_not_linked', '2 files, such as: why image_not_linked'],
      ['INSTANCES_UNASSIGNED', 'warning', 'B', 'image_not_linked', '1 file, such as: why image_not_linked'],
      ['FILES_NOT_DICOM', 'info', '', 'not_dicom', '1 file, such as: why not_dicom'],
      ['FILES_UNREADABLE', 'warning', '', 'unreadable', '1 file, such as: why unreadable'],
    ],
  );
});
