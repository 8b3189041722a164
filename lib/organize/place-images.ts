import type { Draft } from './grouping.ts';
import type { Links } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import type { PatientObjects } from './patient-objects.ts';
import { placesBy } from './places.ts';
import { isBestVolume, largestSeries, type Series, sliceCount } from './series.ts';
import type { SetLink } from './structure-image.ts';

/** A draft with its image series. */
export interface DraftWithImages extends Draft {
  series: Series[];
}

/** Series of fewer slices are localizers and the like: no course of their own beside a larger one. */
const MIN_SLICES = 10;

/**
 * Give each series to the courses that it belongs to: those whose structure sets are drawn on it; else those of its
 * study (or frame, as the option says); else those of its frame of reference; else those that a registration links.
 * A patient of whom no course got any image gets courses of the images alone.
 */
export function placeImages(
  drafts: Draft[],
  objects: PatientObjects,
  links: Links,
  options: OrganizeOptions,
): DraftWithImages[] {
  const placed = drafts.map((draft): DraftWithImages => ({ ...draft, series: [] }));
  const homesOf = homeFinder(placed, objects, links);
  for (const series of objects.series) {
    for (const draft of homesOf(series)) draft.series.push(series);
  }
  if (placed.some((draft) => draft.series.length > 0)) return placed;
  return [...placed, ...imageOnlyDrafts(objects.series, options)];
}

/**
 * Finds the drafts of a series, in their order, by the first rule that gives some. All that the rules ask for is looked up:
 * exports in which all patients are called ANON are one patient with a hundred thousand series.
 */
function homeFinder<T extends Draft>(drafts: T[], objects: PatientObjects, links: Links): (series: Series) => T[] {
  const drawnOn = placesBy(drafts, (draft) =>
    draft.structureSets.flatMap((row) => seriesOf(links.imageOfStructureSet.get(row.sopInstanceUid)!)),
  );
  const ofKey = placesBy(drafts, (draft) => draft.keys);
  const ofFrame = placesBy(drafts, (draft) => [...framesOf(draft)]);
  const registrations = objects.registrations.map((row) => row.registration!);
  const registeredFrames = placesBy(registrations, framesOfRegistration);
  const registeredSeries = placesBy(registrations, ({ referencedSeriesUids }) => referencedSeriesUids);
  const at = (index: Map<string, number[]>, uid: string) => (uid === '' ? [] : (index.get(uid) ?? []));
  const rules: ((series: Series) => number[])[] = [
    ({ uid }) => at(drawnOn, uid),
    ({ studyUid, frameUid }) => [...(ofKey.get(studyUid) ?? []), ...at(ofKey, frameUid)],
    ({ frameUid }) => at(ofFrame, frameUid),
    ({ uid, frameUid }) =>
      [...at(registeredFrames, frameUid), ...at(registeredSeries, uid)].flatMap((number) =>
        framesOfRegistration(registrations[number]).flatMap((frame) => at(ofFrame, frame)),
      ),
  ];
  return (series) => {
    for (const rule of rules) {
      const places = new Set(rule(series));
      if (places.size > 0) return [...places].sort((a, b) => a - b).map((place) => drafts[place]);
    }
    return [];
  };
}

/** The series that a structure set is drawn on: volumes of one series stay together. */
function seriesOf({ series, rois }: SetLink): string[] {
  return [series, ...rois.map((roi) => roi.series)].flatMap((found) => found?.uid ?? []);
}

/** The frames of reference that a course's plans, doses and structure sets name. */
export function framesOf(draft: Draft): Set<string> {
  const named = [
    ...draft.doses.map((row) => row.frameOfReferenceUid),
    ...draft.plans.map((row) => row.frameOfReferenceUid),
    ...draft.structureSets.flatMap((row) => row.structureSet!.frameOfReferenceUids),
  ];
  return new Set(named.filter(Boolean));
}

interface RegistrationFrames {
  frameOfReferenceUid: string;
  items: { frameOfReferenceUid: string }[];
}

function framesOfRegistration(registration: RegistrationFrames): string[] {
  return [registration, ...registration.items].map((item) => item.frameOfReferenceUid).filter(Boolean);
}

/** One course per CT series of ten slices or more; without such, one per study (or frame). */
function imageOnlyDrafts(allSeries: Series[], options: OrganizeOptions): DraftWithImages[] {
  const keyOf = (series: Series) =>
    options.mergeCriteria === 'frame_of_reference' && series.frameUid !== '' ? series.frameUid : series.studyUid;
  return [...Map.groupBy(allSeries, keyOf)].flatMap(([key, group]) => {
    const volumes = group.filter(
      (series) => series.modality === 'CT' && isBestVolume(series) && sliceCount(series) >= MIN_SLICES,
    );
    const main = volumes.length > 0 ? volumes : [largestSeries(ctFirst(group))!];
    const largest = largestSeries(main)!;
    const uids = new Set(main.map(({ uid }) => uid));
    const ofUid = Map.groupBy(group, ({ uid }) => uid);
    const others = group.filter(({ uid }) => uid === largest.uid || !uids.has(uid));
    return main.map((series) => ({
      keys: [key],
      anchorUids: [series.uid],
      plans: [],
      doses: [],
      structureSets: [],
      series: series === largest ? others : ofUid.get(series.uid)!,
    }));
  });
}

function ctFirst(group: Series[]): Series[] {
  const ct = group.filter((series) => series.modality === 'CT');
  return ct.length > 0 ? ct : group;
}
