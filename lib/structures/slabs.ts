import { goesOn } from '../rt/contours/plane-gap.ts';
import type { PlaneGaps } from '../rt/contours/plane-gaps.ts';
import type { PlaneStack } from './plane-stack.ts';

/** A voxel belongs to the plane when lowMm <= its level < highMm. */
export interface Slab {
  lowMm: number;
  highMm: number;
}

export interface StackWithSlabs extends PlaneStack {
  /** One for each plane; they never overlap. */
  slabs: Slab[];
}

/**
 * How far each contour plane reaches along the normal: to the middle between it and the next one where the ROI goes on,
 * else half the gap that it would have had, as at both ends of the ROI.
 * @param turned whether the stack has its planes in the opposite order of the gaps
 */
export function layOutSlabs(stack: PlaneStack, { gaps, belowMm, aboveMm }: PlaneGaps, turned: boolean): StackWithSlabs {
  const between = turned ? gaps.toReversed() : gaps;
  const below = turned ? aboveMm.toReversed() : belowMm;
  const above = turned ? belowMm.toReversed() : aboveMm;
  const slabs = stack.planes.map(({ levelMm }, p) => ({
    lowMm: levelMm - below[p] / 2,
    highMm: levelMm + above[p] / 2,
  }));
  between.forEach((gap, p) => {
    if (!goesOn(gap)) return;
    const middle = (stack.planes[p].levelMm + stack.planes[p + 1].levelMm) / 2;
    slabs[p].highMm = middle;
    slabs[p + 1].lowMm = middle;
  });
  return { ...stack, slabs };
}
