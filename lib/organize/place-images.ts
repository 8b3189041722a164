import type { Draft } from './grouping.ts';
import type { Links } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import type { PatientObjects } from './patient-objects.ts';
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
  for (const series of objects.series) {
    for (const draft of homesOf(series, placed, objects, links)) draft.series.push(series);
  }
  if (placed.some((draft) => draft.series.length > 0)) return placed;
  return [...placed, ...imageOnlyDrafts(objects.series, options)];
}

function homesOf<T extends Draft>(series: Series, drafts: T[], objects: PatientObjects, links: Links): T[] {
  const tests: ((draft: T) => boolean)[] = [
    (draft) => draft.structureSets.some((row) => isDrawnOn(links.imageOfStructureSet.get(row.sopInstanceUid)!, series)),
    (draft) => draft.keys.includes(series.studyUid) || (series.frameUid !== '' && draft.keys.includes(series.frameUid)),
    (draft) => series.frameUid !== '' && framesOf(draft).has(series.frameUid),
    (draft) => objects.registrations.some((row) => isRegistered(series, framesOf(draft), row.registration!)),
  ];
  const own = drafts.filter(tests[0]);
  if (own.length > 0) return own;
  for (const test of tests.slice(1)) {
    const homes = drafts.filter(test);
    if (homes.length > 0) return homes;
  }
  return [];
}

/** Volumes of one series stay together. */
function isDrawnOn({ series: main, rois }: SetLink, { uid }: Series): boolean {
  return main?.uid === uid || rois.some(({ series }) => series?.uid === uid);
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
  referencedSeriesUids: string[];
}

function isRegistered(series: Series, frames: Set<string>, registration: RegistrationFrames): boolean {
  const registered = [registration, ...registration.items].map((item) => item.frameOfReferenceUid).filter(Boolean);
  if (!registered.some((frame) => frames.has(frame))) return false;
  return registered.includes(series.frameUid) || registration.referencedSeriesUids.includes(series.uid);
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
    const isOfOther = (series: Series, other: Series) =>
      main.some(({ uid }) => uid === other.uid && uid !== series.uid);
    return main.map((series) => ({
      keys: [key],
      anchorUids: [series.uid],
      plans: [],
      doses: [],
      structureSets: [],
      series: group.filter((other) => (series === largest ? !isOfOther(series, other) : other.uid === series.uid)),
    }));
  });
}

function ctFirst(group: Series[]): Series[] {
  const ct = group.filter((series) => series.modality === 'CT');
  return ct.length > 0 ? ct : group;
}
