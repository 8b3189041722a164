import type { IndexRow } from './index-row.ts';
import type { Links } from './links.ts';
import type { PatientObjects } from './patient-objects.ts';
import { type DraftWithImages, framesOf } from './place-images.ts';
import { placesBy, placesIn } from './places.ts';
import type { Series } from './series.ts';
import { type UnassignedReason, type UnassignedRow, unassigned } from './unassigned.ts';

/** A draft with all that belongs to it; an instance may be in several. */
export interface FullDraft extends DraftWithImages {
  records: IndexRow[];
  registrations: IndexRow[];
  segmentations: { row: IndexRow; imageSeriesUid: string }[];
}

/**
 * Add treatment records, registrations and segmentations to the courses that they belong to. The courses of an object are
 * looked up: where all patients are called ANON one patient has a hundred thousand records and as many courses.
 */
export function completeDrafts(drafts: DraftWithImages[], objects: PatientObjects, links: Links): FullDraft[] {
  const full = drafts.map((draft): FullDraft => ({ ...draft, records: [], registrations: [], segmentations: [] }));
  const ofPlan = placesBy(drafts, ({ plans }) => plans.map((plan) => plan.sopInstanceUid));
  const ofFrame = placesBy(drafts, framesOfImages);
  const ofSeries = placesBy(drafts, ({ series }) => series.map(({ uid }) => uid));
  for (const row of objects.records) {
    const { uids } = links.planOfRecord.get(row.sopInstanceUid)!;
    for (const place of placesIn(ofPlan, uids)) full[place].records.push(row);
  }
  for (const row of objects.registrations) {
    const registration = row.registration!;
    const touched = [registration, ...registration.items].map((item) => item.frameOfReferenceUid).filter(Boolean);
    const places = [...placesIn(ofFrame, touched), ...placesIn(ofSeries, registration.referencedSeriesUids)];
    for (const place of new Set(places)) full[place].registrations.push(row);
  }
  if (objects.segmentations.length === 0) return full;
  const ofImage = placesBy(drafts, ({ series }) =>
    series.flatMap(({ rows }) => rows.map((image) => image.sopInstanceUid)),
  );
  for (const row of objects.segmentations) {
    const { referencedSeriesUids, referencedInstanceUids } = row.segmentation!;
    const places = [...placesIn(ofSeries, referencedSeriesUids), ...placesIn(ofImage, referencedInstanceUids)];
    for (const place of new Set(places)) {
      const series = segmentedSeries(row, drafts[place]);
      if (series) full[place].segmentations.push({ row, imageSeriesUid: series.uid });
    }
  }
  return full;
}

/** A registration belongs where it touches a frame of the course, of its images too, or one of its series. */
function framesOfImages(draft: DraftWithImages): string[] {
  return [...framesOf(draft), ...draft.series.map((series) => series.frameUid).filter(Boolean)];
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
    image: ['image_not_linked', 'no plan, dose or structure set of the patient refers to the series'],
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
