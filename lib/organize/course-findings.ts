import { type Finding, finding } from '../findings.ts';
import { type CourseImage, isAnalysed } from '../rt/course.ts';
import type { DoseDecision } from '../rt/dose-decision.ts';
import { volumeFindings } from '../rt/volumes/volume-findings.ts';
import { type FullDraft, rowsOf } from './complete-drafts.ts';
import type { PlanningImage } from './course-images.ts';
import { frameFindings, type InFrames } from './frame-findings.ts';
import type { Links } from './links.ts';

/** What the findings of a course are about. */
export interface Examined {
  draft: FullDraft;
  links: Links;
  planning: PlanningImage;
  images: CourseImage[];
  decision: DoseDecision;
  courseId: string;
  inFrames: InFrames;
  ofFractions: Finding[];
}

/** What is odd about the links, images, plans, records, registrations and the dose of a course. */
export function courseFindings(examined: Examined): Finding[] {
  const { draft, links, planning, images, decision, courseId } = examined;
  const uids = new Set(rowsOf(draft).map((row) => row.sopInstanceUid));
  return [
    ...links.findings.filter((found) => uids.has(found.where)),
    ...imageFindings(draft, links, planning, images),
    ...plansWithoutDose(draft, links),
    ...recordFindings(draft),
    ...examined.ofFractions,
    ...frameFindings(examined.inFrames),
    ...decisionFindings(decision, courseId),
  ];
}

/** Which volume of its series each analysed image is, and a planning image that a rule found. */
function imageFindings(draft: FullDraft, links: Links, planning: PlanningImage, images: CourseImage[]): Finding[] {
  const named = draft.structureSets.flatMap((row) => {
    const link = links.imageOfStructureSet.get(row.sopInstanceUid)!;
    return [link, ...link.rois].filter(({ isVolumeNamed }) => isVolumeNamed).map(({ series }) => series);
  });
  const volumes = draft.series
    .filter((_, number) => isAnalysed(images[number]))
    .flatMap((series) => volumeFindings(series.volume, series.siblings, series.uid, named.includes(series)));
  const { series, status } = planning;
  if (status !== 'fallback_largest' || draft.structureSets.length > 0 || !series) return volumes;
  const message = 'no structure set names the image of the course: the largest series is used';
  return [...volumes, finding('PLANNING_IMAGE_BY_SIZE', series.uid, message)];
}

function plansWithoutDose(draft: FullDraft, links: Links): Finding[] {
  const withDose = new Set(draft.doses.flatMap((row) => links.plansOfDose.get(row.sopInstanceUid)!.uids));
  return draft.plans
    .filter((row) => !withDose.has(row.sopInstanceUid))
    .map((row) => finding('PLAN_WITHOUT_DOSE', row.sopInstanceUid, 'no dose in the upload refers to the plan'));
}

function recordFindings(draft: FullDraft): Finding[] {
  return draft.records
    .filter((row) => row.record!.kind === 'session' && row.record!.date === '')
    .map((row) => finding('RECORD_WITHOUT_DATE', row.sopInstanceUid, 'the treatment record has no date'));
}

function decisionFindings(decision: DoseDecision, courseId: string): Finding[] {
  const warnings = [
    ...decision.warnings.map((message) => finding('DOSE_DECISION', courseId, message)),
    ...decision.findings,
  ];
  if (decision.selected.length > 0 || ['no_doses', 'override'].includes(decision.rule)) return warnings;
  const message = `no dose was chosen for the course (${decision.rule}): choose one in dose_override.yaml`;
  return [...warnings, finding('DOSE_UNDECIDED', courseId, message)];
}
