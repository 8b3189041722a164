import type { CourseDose, CoursePlan, CourseRecord, CourseStructureSet, InstanceRef } from '../rt/course.ts';
import type { Draft } from './grouping.ts';
import type { IndexRow } from './index-row.ts';
import type { Links } from './links.ts';
import type { Series } from './series.ts';
import { compareText } from './words.ts';

/** An index row as a course refers to it. */
export function ref(row: IndexRow): InstanceRef {
  return { sopInstanceUid: row.sopInstanceUid, key: row.key, version: row.version };
}

export function courseRecord(row: IndexRow, links: Links): CourseRecord {
  return { ...ref(row), record: row.record!, planUid: links.planOfRecord.get(row.sopInstanceUid)!.uids[0] };
}

export function coursePlan(row: IndexRow, links: Links): CoursePlan {
  const { uids, status } = links.structureSetOfPlan.get(row.sopInstanceUid)!;
  return {
    ...ref(row),
    plan: row.plan!,
    studyInstanceUid: row.studyInstanceUid,
    structureSetUid: uids[0],
    structureSetStatus: status,
  };
}

export function courseDose(row: IndexRow, draft: Draft, links: Links): CourseDose {
  const { uids, status } = links.plansOfDose.get(row.sopInstanceUid)!;
  const own = links.structureSetOfDose.get(row.sopInstanceUid)!.uids[0];
  const ofPlan = uids.flatMap((uid) => links.structureSetOfPlan.get(uid)!.uids)[0];
  return {
    ...ref(row),
    header: row.dose!,
    studyInstanceUid: row.studyInstanceUid,
    planUids: uids.filter((uid) => draft.plans.some((plan) => plan.sopInstanceUid === uid)),
    planStatus: status,
    structureSetUid: own ?? ofPlan,
  };
}

export function courseStructureSet(row: IndexRow, links: Links, images: Series[]): CourseStructureSet {
  const { series, status, rois } = links.imageOfStructureSet.get(row.sopInstanceUid)!;
  const numberOf = (found: Series | undefined) => (found && images.includes(found) ? images.indexOf(found) : undefined);
  return {
    ...ref(row),
    role: 'other',
    header: row.structureSet!,
    seriesInstanceUid: row.seriesInstanceUid,
    studyInstanceUid: row.studyInstanceUid,
    roiImages: rois.map((roi) => ({ imageNumber: numberOf(roi.series), status: roi.status })),
    imageNumber: numberOf(series),
    imageSeriesUid: series?.uid,
    imageModality: series?.modality,
    imageStatus: status,
    inImageFrame: series ? row.structureSet!.frameOfReferenceUids.includes(series.frameUid) : undefined,
  };
}

/**
 * Mark the primary structure set: the one that the earliest plan of the chosen doses refers to, else such a dose; while
 * none is chosen, the one of the earliest plan, else of a dose; else one that has its images, in their frame of reference,
 * on CT before others, the latest dated, of the lowest UID.
 */
export function withPrimary(
  sets: CourseStructureSet[],
  plans: CoursePlan[],
  doses: CourseDose[],
  chosenDoseUids: string[] = [],
): CourseStructureSet[] {
  const byDate = plans.toSorted((a, b) => compareText(a.plan.date || '9', b.plan.date || '9'));
  const chosen = doses.filter((dose) => chosenDoseUids.includes(dose.sopInstanceUid));
  const planned = byDate.filter((plan) => chosen.some((dose) => dose.planUids.includes(plan.sopInstanceUid)));
  const named = [...planned, ...chosen, ...byDate, ...doses].flatMap((object) => object.structureSetUid ?? []);
  const primary = named.find((uid) => sets.some((set) => set.sopInstanceUid === uid)) ?? bestOf(sets)?.sopInstanceUid;
  return sets.map((set) => (set.sopInstanceUid === primary ? { ...set, role: 'primary' } : set));
}

function bestOf(sets: CourseStructureSet[]): CourseStructureSet | undefined {
  const rank = (set: CourseStructureSet) =>
    (set.imageSeriesUid ? 0 : 4) + (set.inImageFrame === false ? 2 : 0) + (set.imageModality === 'CT' ? 0 : 1);
  return sets.toSorted(
    (a, b) =>
      rank(a) - rank(b) || compareText(b.header.date, a.header.date) || compareText(a.sopInstanceUid, b.sopInstanceUid),
  )[0];
}
