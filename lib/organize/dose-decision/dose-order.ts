import type { CourseDose } from '../../rt/course.ts';
import { compareText } from '../words.ts';

/** The plans that a dose names, in the upload or not; else those it was linked to. */
export function planUidsOf(dose: CourseDose): string[] {
  const named = dose.header.planReferences.map((reference) => reference.planUid);
  return named.length > 0 ? [...new Set(named)] : dose.planUids;
}

/** When a dose was made: sorts as time does. */
export function stampOf({ header }: CourseDose): string {
  return `${header.createdDate} ${header.createdTime}`;
}

/** Latest first; then by UID. */
export function newestFirst<T extends CourseDose>(doses: T[]): T[] {
  return doses.toSorted(
    (a, b) => compareText(stampOf(b), stampOf(a)) || compareText(a.sopInstanceUid, b.sopInstanceUid),
  );
}
