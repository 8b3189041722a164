import type { Course, CourseStructureSet } from '../rt/course.ts';
import { instancesOf } from '../rt/dose-decision.ts';
import { type FullDraft, rowsOf } from './complete-drafts.ts';
import { courseFindings } from './course-findings.ts';
import { courseImage, imageRoles, planningImage } from './course-images.ts';
import { courseDose, coursePlan, courseRecord, courseStructureSet, ref, withPrimary } from './course-objects.ts';
import { decideDose } from './dose-decision/decide.ts';
import { fractionsOf } from './fractions.ts';
import { publicPatient, publicStaff } from './identity.ts';
import type { Links } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import { patientKey } from './patient-objects.ts';
import { compareText } from './words.ts';

const ID_LENGTH = 16;

/** Make the course of a draft. Its `displayName` is a whole date: `nameCourses` makes it short and distinct. */
export function buildCourse(draft: FullDraft, links: Links, options: OrganizeOptions): Course {
  const rows = rowsOf(draft);
  const courseId = options.hash(['course', patientKey(rows[0]), ...draft.anchorUids].join('\n')).slice(0, ID_LENGTH);
  const records = draft.records.map((row) => courseRecord(row, links));
  const { fractions, findings: fractionFindings } = fractionsOf(records);
  const plans = draft.plans.map((row) => coursePlan(row, links));
  const doses = draft.doses.map((row) => courseDose(row, draft, links));
  const sets = draft.structureSets.map((row) => courseStructureSet(row, links, draft.series));
  const expected = primaryOf(withPrimary(sets, plans, doses));
  const registrations = draft.registrations.map((row) => row.registration!);
  const doseDecision = decideDose({
    courseId,
    doses,
    plans,
    fractions,
    roisOf: (uid) => sets.find((set) => set.sopInstanceUid === uid)?.header.rois ?? [],
    frameOfReferenceUids: framesForDose(expected, planningImage(draft, expected, links).series?.frameUid),
    structureFrameUids: sets.flatMap((set) => set.header.frameOfReferenceUids),
    registrations,
    override: options.doseOverride,
  });
  const structureSets = withPrimary(sets, plans, doses, doseDecision.selected.flatMap(instancesOf));
  const planning = planningImage(draft, primaryOf(structureSets), links);
  const roles = imageRoles(draft.series, structureSets, planning.series);
  const images = draft.series.map((series, number) => courseImage(series, roles[number]));
  const treated = fractions.map((fraction) => fraction.date).filter(Boolean);
  const planned = firstDate(plans.map(({ plan }) => plan.date));
  const date = planned || treated[0] || dateOfObjects(draft);
  return {
    courseId,
    displayName: date,
    patient: publicPatient(rows, date, options),
    staff: publicStaff(rows, options),
    anchorUids: draft.anchorUids,
    startDate: treated[0] ?? planned,
    endDate: treated.at(-1) ?? '',
    planningSeriesUid: planning.series?.uid,
    planningStatus: planning.status,
    images,
    structureSets,
    plans,
    doses,
    doseDecision,
    records,
    fractions,
    registrations: draft.registrations.map((row) => ({ ...ref(row), registration: row.registration! })),
    segmentations: draft.segmentations.map(({ row, imageSeriesUid }) => ({
      ...ref(row),
      imageSeriesUid,
      label: row.segmentation!.label,
    })),
    findings: courseFindings({
      ...{ draft, links, planning, images, courseId },
      decision: doseDecision,
      inFrames: { structureSets, doses, registrations },
      ofFractions: fractionFindings,
    }),
  };
}

function primaryOf(sets: CourseStructureSet[]): CourseStructureSet | undefined {
  return sets.find((set) => set.role === 'primary');
}

/** That of the images first, where the structure set is drawn in it. */
function framesForDose(primary: CourseStructureSet | undefined, planningFrame: string | undefined): string[] {
  const drawn = primary?.header.frameOfReferenceUids ?? [];
  const ofImages = planningFrame ?? '';
  const ordered = drawn.includes(ofImages) ? [ofImages, ...drawn] : [...drawn, ofImages];
  return [...new Set(ordered.filter(Boolean))];
}

/** The date of a course without plans and records: of its structure sets, else its doses, else its images. */
function dateOfObjects(draft: FullDraft): string {
  return (
    firstDate(draft.structureSets.map((row) => row.structureSet!.date || row.studyDate)) ||
    firstDate(draft.doses.map((row) => row.dose!.createdDate || row.studyDate)) ||
    firstDate(draft.series.map((series) => series.rows[0].seriesDate || series.rows[0].studyDate))
  );
}

function firstDate(dates: string[]): string {
  return dates.filter(Boolean).sort(compareText)[0] ?? '';
}
