import type { CourseDose } from '../../rt/course.ts';
import { compareText } from '../patient-objects.ts';

/** The plans that a dose names, in the upload or not; else those it was linked to. */
export function planUidsOf(dose: CourseDose): string[] {
  const named = dose.header.planReferences.map((reference) => reference.planUid);
  return named.length > 0 ? [...new Set(named)] : dose.planUids;
}

/** Latest first; then by UID. */
export function newestFirst(doses: CourseDose[]): CourseDose[] {
  const stamp = (dose: CourseDose) => `${dose.header.createdDate} ${dose.header.createdTime}`;
  return doses.toSorted((a, b) => compareText(stamp(b), stamp(a)) || compareText(a.sopInstanceUid, b.sopInstanceUid));
}
