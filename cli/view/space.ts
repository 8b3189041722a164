import { joinOf } from '#lib/course-store/dose.ts';
import type { Course } from '#lib/rt/course.ts';
import type { Matrix4 } from '#lib/rt/matrix4.ts';

/** Where things of a frame of reference are shown. */
export interface Space {
  /** Things of one space lie on each other as their numbers say. */
  name: string;
  /** Takes points to it, where they are not there yet. */
  matrix?: Matrix4;
  notes: string[];
}

const PLANNING = 'planning';

/**
 * Things are moved to the frame of reference of the planning image where registrations lead there; an unknown frame is taken
 * to be the same, as for DVHs.
 */
export function spaceOf(course: Course, frame: string): Space {
  const planning = course.images.find(({ role }) => role === 'planning')?.frameOfReferenceUid ?? '';
  if (frame === planning) return { name: PLANNING, notes: [] };
  if (frame === '' || planning === '')
    return {
      name: PLANNING,
      notes: ['It names no frame of reference. The viewer assumes that of the planning image.'],
    };
  const join = joinOf(course, frame, planning);
  if (!join.matrix)
    return { name: frame, notes: [`Not shown on images of other frames of reference: ${join.reason}.`] };
  return { name: PLANNING, matrix: join.matrix, notes: ['Placed on the planning image by a registration.'] };
}
