import type { IndexRow } from './index-row.ts';
import type { ObjectKind } from './object-kind.ts';
import { withFramesOfImages } from './registrations.ts';
import { collectSeries, type Series } from './series.ts';
import { compareText } from './words.ts';

/** The instances of one patient by what they are, each in the order of their SOP Instance UIDs. */
export interface PatientObjects {
  series: Series[];
  structureSets: IndexRow[];
  plans: IndexRow[];
  doses: IndexRow[];
  records: IndexRow[];
  registrations: IndexRow[];
  segmentations: IndexRow[];
}

/** Which patient an instance is of: PatientID, or without one its study, so that anonymous patients do not merge. */
export function patientKey(row: { patient: { id: string }; studyInstanceUid: string }): string {
  const id = row.patient.id.trim();
  return id === '' ? `study:${row.studyInstanceUid}` : `id:${id}`;
}

export function patientObjects(rows: IndexRow[]): PatientObjects {
  const sorted = rows.toSorted((a, b) => compareText(a.sopInstanceUid, b.sopInstanceUid));
  const ofKind = (kind: ObjectKind) => sorted.filter((row) => row.kind === kind);
  const images = ofKind('image');
  return {
    series: collectSeries(images),
    structureSets: ofKind('structure_set'),
    plans: ofKind('plan'),
    doses: ofKind('dose'),
    records: ofKind('record'),
    registrations: withFramesOfImages(ofKind('registration'), images),
    segmentations: ofKind('segmentation'),
  };
}
