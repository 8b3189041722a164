import type { IndexRow } from './index-row.ts';
import type { ObjectKind } from './object-kind.ts';

/** An image series of a patient: instances in ascending order along the slice normal. */
export interface Series {
  uid: string;
  studyUid: string;
  modality: string;
  frameUid: string;
  description: string;
  rows: IndexRow[];
}

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
export function patientKey(row: IndexRow): string {
  const id = row.patient.id.trim();
  return id === '' ? `study:${row.studyInstanceUid}` : `id:${id}`;
}

export function patientObjects(rows: IndexRow[]): PatientObjects {
  const sorted = rows.toSorted((a, b) => compareText(a.sopInstanceUid, b.sopInstanceUid));
  const ofKind = (kind: ObjectKind) => sorted.filter((row) => row.kind === kind);
  return {
    series: collectSeries(ofKind('image')),
    structureSets: ofKind('structure_set'),
    plans: ofKind('plan'),
    doses: ofKind('dose'),
    records: ofKind('record'),
    registrations: ofKind('registration'),
    segmentations: ofKind('segmentation'),
  };
}

function collectSeries(rows: IndexRow[]): Series[] {
  const groups = [...Map.groupBy(rows, (row) => row.seriesInstanceUid)];
  return groups
    .map(([uid, members]) => {
      const ordered = alongNormal(members);
      const first = ordered[0];
      return {
        uid,
        studyUid: first.studyInstanceUid,
        modality: first.modality,
        frameUid: ordered.find((row) => row.frameOfReferenceUid)?.frameOfReferenceUid ?? '',
        description: first.seriesDescription,
        rows: ordered,
      };
    })
    .sort((a, b) => compareText(a.uid, b.uid));
}

/** Ascending along the normal of each instance, then by instance number, then by UID. */
function alongNormal(rows: IndexRow[]): IndexRow[] {
  const placed = rows.map((row) => ({ row, at: positionAlongNormal(row) ?? Number.POSITIVE_INFINITY }));
  placed.sort(
    (a, b) =>
      compareNumber(a.at, b.at) ||
      compareNumber(a.row.image?.instanceNumber ?? 0, b.row.image?.instanceNumber ?? 0) ||
      compareText(a.row.sopInstanceUid, b.row.sopInstanceUid),
  );
  return placed.map(({ row }) => row);
}

/** Distance of the first voxel from the origin along the slice normal, mm; undefined without a valid geometry. */
export function positionAlongNormal(row: IndexRow): number | undefined {
  const { positionMm: p, orientation: o } = row.image ?? { positionMm: [], orientation: [] };
  if (p.length !== 3 || o.length !== 6) return undefined;
  const along =
    p[0] * (o[1] * o[5] - o[2] * o[4]) + p[1] * (o[2] * o[3] - o[0] * o[5]) + p[2] * (o[0] * o[4] - o[1] * o[3]);
  return Number.isFinite(along) ? along : undefined;
}

/** Instances, or frames where an instance holds several. */
export function sliceCount(series: Series): number {
  return series.rows.reduce((sum, row) => sum + (row.image?.frames ?? 1), 0);
}

/** The series with most slices, then of the lowest UID. */
export function largestSeries(series: Series[]): Series | undefined {
  return series.toSorted((a, b) => sliceCount(b) - sliceCount(a) || compareText(a.uid, b.uid))[0];
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumber(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
