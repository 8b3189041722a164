import type { CourseDose } from '../../rt/course.ts';

/** One dose: an RTDOSE, or several of the same part of the same plan that lie at different places. */
export interface PlacedDose extends CourseDose {
  /** RTDOSE that fill a box together. */
  tiles?: CourseDose[];
  /** RTDOSE that do not. */
  places?: CourseDose[];
}

/** The RTDOSE that a dose consists of. */
export function partsOf(dose: PlacedDose): CourseDose[] {
  return dose.tiles ?? dose.places ?? [dose];
}
