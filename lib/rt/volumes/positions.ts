import { cross, dot, norm, subtract } from '../../math/vec3.ts';
import type { SliceFacts } from './slice-facts.ts';

/** Closer slices are two images of one plane. */
export const SAME_POSITION_MM = 0.01;
/** Largest difference of direction cosines within one volume: 0.06 degrees. */
const SAME_COSINE = 1e-3;
const SAME_SPACING = 1e-4;

/** Slices with the number of the place at which they lie along the normal; places ascend. */
export interface Placed<S extends SliceFacts> {
  slice: S;
  place: number;
  alongMm: number;
}

/** Whether two slices can belong to one volume: one size, spacing, orientation and frame of reference. */
export function isAlike(a: SliceFacts, b: SliceFacts): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    a.frameOfReferenceUid === b.frameOfReferenceUid &&
    a.pixelSpacingMm.every((mm, i) => Math.abs(mm - b.pixelSpacingMm[i]) <= SAME_SPACING * mm) &&
    norm(subtract(a.columnAxis, b.columnAxis)) <= SAME_COSINE &&
    norm(subtract(a.rowAxis, b.rowAxis)) <= SAME_COSINE
  );
}

/** Ascending along the normal of the first slice; those less than 0.01 mm apart are at one place. */
export function placeSlices<S extends SliceFacts>(slices: readonly S[]): Placed<S>[] {
  if (slices.length === 0) return [];
  const normal = cross(slices[0].columnAxis, slices[0].rowAxis);
  const sorted = slices
    .map((slice) => ({ slice, alongMm: dot(slice.positionMm, normal), place: 0 }))
    .sort((a, b) => a.alongMm - b.alongMm);
  let first = sorted[0].alongMm;
  let place = 0;
  for (const one of sorted) {
    if (one.alongMm - first >= SAME_POSITION_MM) {
      place++;
      first = one.alongMm;
    }
    one.place = place;
  }
  return sorted;
}

/** The most slices at one place. */
export function mostAtOnePlace(placed: readonly Placed<SliceFacts>[]): number {
  const counts = new Map<number, number>();
  for (const { place } of placed) counts.set(place, (counts.get(place) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Slices more than there are places. */
export function countRepeats(placed: readonly Placed<SliceFacts>[]): number {
  return placed.length - new Set(placed.map(({ place }) => place)).size;
}
