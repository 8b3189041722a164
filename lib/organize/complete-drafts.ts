import type { IndexRow } from './index-row.ts';
import type { Links } from './links.ts';
import type { PatientObjects } from './patient-objects.ts';
import { type DraftWithImages, framesOf } from './place-images.ts';
import type { Series } from './series.ts';
import { type UnassignedReason, type UnassignedRow, unassigned } from './unassigned.ts';

/** A draft with all that belongs to it; an instance may be in several. */
export interface FullDraft extends DraftWithImages {
  records: IndexRow[];
  registrations: IndexRow[];
  segmentations: { row: IndexRow; imageSeriesUid: string }[];
}

/** Add treatment records, registrations and segmentations to the courses that they belong to. */
export function completeDrafts(drafts: DraftWithImages[], objects: PatientObjects, links: Links): FullDraft[] {
  return drafts.map((draft) => ({
    ...draft,
    records: objects.records.filter((row) => isOfPlans(row, draft, links)),
    registrations: objects.registrations.filter((row) => isOfFrames(row, draft)),
    segmentations: objects.segmentations.flatMap((row) => {
      const series = segmentedSeries(row, draft);
      return series ? [{ row, imageSeriesUid: series.uid }] : [];
    }),
  }));
}

function isOfPlans(record: IndexRow, draft: DraftWithImages, links: Links): boolean {
  const { uids } = links.planOfRecord.get(record.sopInstanceUid)!;
  return draft.plans.some((plan) => uids.includes(plan.sopInstanceUid));
}

/** A registration belongs where it touches a frame of the course, of its images too, or one of its series. */
function isOfFrames(row: IndexRow, draft: DraftWithImages): boolean {
  const { registration } = row;
  const frames = new Set([...framesOf(draft), ...draft.series.map((series) => series.frameUid).filter(Boolean)]);
  const touched = [registration!, ...registration!.items].map((item) => item.frameOfReferenceUid);
  if (touched.some((frame) => frames.has(frame))) return true;
  return draft.series.some((series) => registration!.referencedSeriesUids.includes(series.uid));
}

/** The volume that holds most of the images that it names, in the series that it names. */
function segmentedSeries(row: IndexRow, draft: DraftWithImages) {
  const { referencedSeriesUids, referencedInstanceUids } = row.segmentation!;
  const inSeries = draft.series.filter((series) => referencedSeriesUids.includes(series.uid));
  const instances = new Set(referencedInstanceUids);
  const count = (series: Series) => series.rows.filter((image) => instances.has(image.sopInstanceUid)).length;
  const candidates = inSeries.length > 0 ? inSeries : draft.series.filter((series) => count(series) > 0);
  return candidates.toSorted((a, b) => count(b) - count(a))[0];
}

/** All instances of a draft: images, then the others. */
export function rowsOf(draft: FullDraft): IndexRow[] {
  return [
    ...draft.series.flatMap((series) => series.rows),
    ...draft.structureSets,
    ...draft.plans,
    ...draft.doses,
    ...draft.records,
    ...draft.registrations,
    ...draft.segmentations.map(({ row }) => row),
  ];
}

/** What ended in no course, with the reason. */
export function unplacedRows(rows: IndexRow[], assigned: Set<string>): UnassignedRow[] {
  const REASONS: Partial<Record<IndexRow['kind'], [UnassignedReason, string]>> = {
    image: ['image_not_linked', 'no plan, dose or structure set of the patient belongs to the series'],
    record: ['plan_not_found', 'the plan of the treatment record is not in the upload'],
    registration: ['registration_not_linked', 'no course of the patient has a frame of reference of the registration'],
    segmentation: ['segmentation_not_linked', 'the segmented images are not in the upload'],
  };
  return rows
    .filter((row) => !assigned.has(row.sopInstanceUid))
    .map((row) => {
      const [reason, message] = REASONS[row.kind]!;
      return unassigned(row, reason, message);
    });
}
