import { type Finding, finding } from '../finding.ts';
import type { Course, CourseDose, CoursePlan, CourseRecord, CourseStructureSet } from '../rt/course.ts';
import { courseImage, planningImage } from './course-images.ts';
import { decideDose } from './dose-decision/decide.ts';
import { fractionsOf } from './fractions.ts';
import { publicPatient, publicStaff } from './identity.ts';
import type { IndexRow } from './index-row.ts';
import type { Links } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import { compareText, patientKey } from './patient-objects.ts';
import type { DraftWithImages } from './place-images.ts';

/** A draft with all that belongs to it; an instance may be in several. */
export interface FullDraft extends DraftWithImages {
  records: IndexRow[];
  registrations: IndexRow[];
  segmentations: { row: IndexRow; imageSeriesUid: string }[];
}

const ID_LENGTH = 16;

/** Make the course of a draft. `displayName` is the month alone: `nameCourses` numbers those that share it. */
export function buildCourse(draft: FullDraft, links: Links, options: OrganizeOptions): Course {
  const rows = rowsOf(draft);
  const courseId = options.hash(['course', patientKey(rows[0]), ...draft.anchorUids].join('\n')).slice(0, ID_LENGTH);
  const records = draft.records.map((row) => courseRecord(row, links));
  const fractions = fractionsOf(records);
  const plans = draft.plans.map((row) => coursePlan(row, links));
  const doses = draft.doses.map((row) => courseDose(row, draft, links));
  const structureSets = withPrimary(
    draft.structureSets.map((row) => courseStructureSet(row, links)),
    plans,
    doses,
  );
  const primary = structureSets.find((set) => set.role === 'primary');
  const planning = planningImage(draft, primary, links);
  const treated = fractions.map((fraction) => fraction.date).filter(Boolean);
  const drawnOn = new Set(structureSets.map((set) => set.imageSeriesUid));
  return {
    courseId,
    displayName: monthOf(draft, treated),
    patient: publicPatient(rows, options),
    staff: publicStaff(rows, options),
    anchorUids: draft.anchorUids,
    startDate: treated[0] ?? firstDate(plans.map(({ plan }) => plan.date)),
    endDate: treated.at(-1) ?? '',
    planningSeriesUid: planning.series?.uid,
    planningStatus: planning.status,
    images: draft.series.map((series) => {
      const other = drawnOn.has(series.uid) ? 'structure_set' : 'related';
      return courseImage(series, series === planning.series ? 'planning' : other);
    }),
    structureSets,
    plans,
    doses,
    doseDecision: decideDose({
      courseId,
      doses,
      plans,
      fractions,
      frameOfReferenceUids: framesForDose(primary, planning.series?.frameUid),
      registrations: draft.registrations.map((row) => row.registration!),
      override: options.doseOverride,
    }),
    records,
    fractions,
    registrations: draft.registrations.map((row) => ({ ...ref(row), registration: row.registration! })),
    segmentations: draft.segmentations.map(({ row, imageSeriesUid }) => ({
      ...ref(row),
      imageSeriesUid,
      label: row.segmentation!.label,
    })),
    findings: courseFindings(draft, rows, links, records),
  };
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

function courseRecord(row: IndexRow, links: Links): CourseRecord {
  return { ...ref(row), record: row.record!, planUid: links.planOfRecord.get(row.sopInstanceUid)!.uids[0] };
}

function coursePlan(row: IndexRow, links: Links): CoursePlan {
  const { uids, status } = links.structureSetOfPlan.get(row.sopInstanceUid)!;
  return {
    ...ref(row),
    plan: row.plan!,
    studyInstanceUid: row.studyInstanceUid,
    structureSetUid: uids[0],
    structureSetStatus: status,
  };
}

function courseDose(row: IndexRow, draft: FullDraft, links: Links): CourseDose {
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

function courseStructureSet(row: IndexRow, links: Links): CourseStructureSet {
  const { series, status } = links.imageOfStructureSet.get(row.sopInstanceUid)!;
  return {
    ...ref(row),
    role: 'other',
    header: row.structureSet!,
    seriesInstanceUid: row.seriesInstanceUid,
    studyInstanceUid: row.studyInstanceUid,
    imageSeriesUid: series?.uid,
    imageStatus: status,
  };
}

/**
 * The primary structure set: the one that the earliest plan refers to, else a dose, else among those with images the
 * one on CT, latest dated first, then of the lowest UID.
 */
function withPrimary(sets: CourseStructureSet[], plans: CoursePlan[], doses: CourseDose[]): CourseStructureSet[] {
  const byDate = plans.toSorted((a, b) => compareText(a.plan.date || '9', b.plan.date || '9'));
  const named = [...byDate, ...doses].flatMap((object) => object.structureSetUid ?? []);
  const rank = (set: CourseStructureSet) => (set.imageSeriesUid ? 0 : 1);
  const best = sets.toSorted(
    (a, b) =>
      rank(a) - rank(b) || compareText(b.header.date, a.header.date) || compareText(a.sopInstanceUid, b.sopInstanceUid),
  );
  const chosen = named.find((uid) => sets.some((set) => set.sopInstanceUid === uid)) ?? best[0]?.sopInstanceUid;
  return sets.map((set) => (set.sopInstanceUid === chosen ? { ...set, role: 'primary' } : set));
}

function framesForDose(primary: CourseStructureSet | undefined, planningFrame: string | undefined): string[] {
  return [...new Set([...(primary?.header.frameOfReferenceUids ?? []), planningFrame ?? ''].filter(Boolean))];
}

function monthOf(draft: FullDraft, treated: string[]): string {
  const dates = [
    firstDate(draft.plans.map((row) => row.plan!.date)),
    treated[0] ?? '',
    firstDate(draft.structureSets.map((row) => row.structureSet!.date || row.studyDate)),
    firstDate(draft.doses.map((row) => row.dose!.createdDate || row.studyDate)),
    firstDate(draft.series.map((series) => series.rows[0].seriesDate || series.rows[0].studyDate)),
  ];
  return dates.find((date) => date !== '')?.slice(0, 7) ?? '0000-00';
}

function courseFindings(draft: FullDraft, rows: IndexRow[], links: Links, records: CourseRecord[]): Finding[] {
  const uids = new Set(rows.map((row) => row.sopInstanceUid));
  const found = links.findings.filter((f) => uids.has(f.where));
  const withDose = new Set(draft.doses.flatMap((row) => links.plansOfDose.get(row.sopInstanceUid)!.uids));
  for (const { sopInstanceUid } of draft.plans) {
    if (!withDose.has(sopInstanceUid)) {
      found.push(finding('warning', 'PLAN_WITHOUT_DOSE', sopInstanceUid, 'no dose in the upload refers to the plan'));
    }
  }
  for (const { sopInstanceUid, record } of records) {
    if (record.kind === 'session' && record.date === '') {
      found.push(finding('warning', 'RECORD_WITHOUT_DATE', sopInstanceUid, 'the treatment record has no date'));
    }
  }
  return found;
}

function firstDate(dates: string[]): string {
  return dates.filter(Boolean).sort(compareText)[0] ?? '';
}

function ref(row: IndexRow): { sopInstanceUid: string; key: string } {
  return { sopInstanceUid: row.sopInstanceUid, key: row.key };
}
