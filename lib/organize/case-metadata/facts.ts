import { type Beam, isTreatmentBeam } from '../../rt/beam.ts';
import type { Course, CourseDose, CourseImage, CourseStructureSet } from '../../rt/course.ts';
import { instancesOf } from '../../rt/dose-decision.ts';
import type { Plan } from '../../rt/plan.ts';

/** A course and the objects that its row of metadata is about. */
export interface CaseFacts {
  course: Course;
  /** Plans of the selected doses; all plans of the course when no dose is selected. */
  plans: Plan[];
  beams: BeamOfPlan[];
  doses: CourseDose[];
  image?: CourseImage;
  structureSet?: CourseStructureSet;
}

/** A treatment beam with what its fraction groups say of it: meterset and dose of one fraction. */
export interface BeamOfPlan extends Beam {
  meterset?: number;
  doseGy?: number;
}

export function caseFacts(course: Course): CaseFacts {
  const chosen = new Set(course.doseDecision.selected.flatMap(instancesOf));
  const doses = course.doses.filter((dose) => chosen.has(dose.sopInstanceUid));
  const planUids = new Set(doses.flatMap((dose) => dose.planUids));
  const ofDoses = course.plans.filter((plan) => planUids.has(plan.sopInstanceUid)).map(({ plan }) => plan);
  const plans = ofDoses.length > 0 ? ofDoses : course.plans.map(({ plan }) => plan);
  return {
    course,
    plans,
    beams: plans.flatMap(beamsOf),
    doses,
    image: course.images.find((image) => image.role === 'planning'),
    structureSet: course.structureSets.find((set) => set.role === 'primary'),
  };
}

function beamsOf(plan: Plan): BeamOfPlan[] {
  return plan.beams.filter(isTreatmentBeam).map((beam) => {
    const given = plan.fractionGroups.flatMap((group) => group.beams).find((part) => part.number === beam.number);
    return { ...beam, meterset: given?.meterset, doseGy: given?.doseGy };
  });
}

/** The distinct texts, joined; '' without any. */
export function joined(texts: (string | undefined)[]): string {
  return [...new Set(texts.filter(Boolean))].join('; ');
}

/** The sum, or undefined when there is nothing to add or a part is unknown. */
export function sumOf(numbers: (number | undefined)[]): number | undefined {
  if (numbers.length === 0) return undefined;
  let sum = 0;
  for (const number of numbers) {
    if (number === undefined) return undefined;
    sum += number;
  }
  return sum;
}

/** A list or object as text; '' when it is empty. */
export function json(value: unknown): string {
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  return isEmpty ? '' : JSON.stringify(value);
}
