import type { TargetPrescription } from '../../rt/dose-decision.ts';
import { byPattern, type NamedRoi } from '../../rt/roi-pattern.ts';
import { isTarget } from '../../rt/target.ts';
import { doseInName } from '../../rt/target-dose.ts';

/** What is known of the prescriptions of a course. */
export interface CoursePrescriptions {
  /** Levels that the plans of the dose prescribe to targets. */
  levels: TargetPrescription[];
  /** Plans that the dose of the course adds up. */
  planUids: string[];
  /** Prescription of the course as a whole, and where it comes from. */
  courseGy?: number;
  courseSource?: string;
  /** Configured: ROI name or pattern -> Gy. */
  configured?: Record<string, number>;
}

/**
 * `config`; `plan_roi`: the plans prescribe to this ROI; `roi_name`: a dose in the name of a target, `plan_level` when a
 * plan prescribes that level too; `course:...`: the prescription of the course, for every other ROI; '': unknown.
 */
export interface RoiPrescription {
  doseGy?: number;
  source: string;
  /**
   * The dose that the number in its name may mean (PTV50, PTV_2023), which no plan prescribes. It decides nothing, and
   * the prescription of the course may be that of another target: there is no prescription.
   */
  openGy?: number;
}

/** The dose that percent of prescription means for a ROI. */
export function prescriptionOf(
  roi: NamedRoi & { number: number; interpretedType: string },
  course: CoursePrescriptions,
): RoiPrescription {
  const configured = byPattern(roi, course.configured ?? {});
  if (configured !== undefined) return { doseGy: configured, source: 'config' };
  const byRoi = levelOfRoi(roi.number, course);
  if (byRoi !== undefined) return { doseGy: byRoi, source: 'plan_roi' };
  const named = isTarget(roi) ? doseInName(roi.name) : undefined;
  if (named !== undefined) {
    const { doseGy, isOpen } = named;
    if (course.levels.some((level) => isSameLevel(level.doseGy, doseGy))) return { doseGy, source: 'plan_level' };
    if (!isOpen) return { doseGy, source: 'roi_name' };
    if (course.courseGy === undefined || !isSameLevel(course.courseGy, doseGy)) return { source: '', openGy: doseGy };
  }
  if (course.courseGy === undefined) return { source: '' };
  return { doseGy: course.courseGy, source: `course:${course.courseSource || 'unknown'}` };
}

/** Planned and named levels differ by rounding. */
const SAME_LEVEL = 0.01;

function isSameLevel(plannedGy: number, namedGy: number): boolean {
  return Math.abs(plannedGy - namedGy) <= SAME_LEVEL * namedGy;
}

/** The levels of a ROI in all plans of the dose together; undefined unless every plan prescribes to it. */
function levelOfRoi(number: number, { levels, planUids }: CoursePrescriptions): number | undefined {
  const perPlan = planUids.map((uid) =>
    Math.max(...levels.filter((level) => level.planUid === uid && level.roiNumber === number).map((l) => l.doseGy)),
  );
  if (perPlan.length === 0 || !perPlan.every(Number.isFinite)) return undefined;
  return perPlan.reduce((sum, dose) => sum + dose, 0);
}
