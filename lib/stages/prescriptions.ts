import type { Config } from '../config.ts';
import type { CoursePrescriptions } from '../dvh/metrics/prescription.ts';
import type { Course } from '../rt/course.ts';
import { type DoseOption, instancesOf } from '../rt/dose-decision.ts';

/** The plans whose doses an option adds up. */
export function plansOf(course: Pick<Course, 'doses' | 'plans'>, option: Pick<DoseOption, 'doses'>): Course['plans'] {
  const chosen = new Set(option.doses.flatMap(instancesOf));
  const uids = new Set(course.doses.filter((one) => chosen.has(one.sopInstanceUid)).flatMap((one) => one.planUids));
  return course.plans.filter((plan) => uids.has(plan.sopInstanceUid));
}

/** What is known of the prescriptions that a dose of the course was planned for. */
export function prescriptionsOf(
  course: Pick<Course, 'doses' | 'plans'>,
  option: DoseOption,
  configured: Config['dvh']['prescriptions'],
): CoursePrescriptions {
  const chosen = new Set(option.doses.flatMap(instancesOf));
  const uids = course.doses.filter((one) => chosen.has(one.sopInstanceUid)).flatMap((one) => one.planUids);
  return {
    levels: option.targetPrescriptions,
    planUids: [...new Set(uids)],
    courseGy: option.prescriptionGy ?? undefined,
    courseSource: option.prescriptionSource,
    configured,
  };
}
