import { type Refusal, refusal } from '../radiomics/region/status.ts';
import { seededRandom } from '../random.ts';
import type { Perturbation } from './perturbation-grid.ts';
import type { RankedVoxels } from './rank-voxels.ts';
import { seedOf } from './seed.ts';

/** A contour moved along its normal, and the number of voxels inside. */
export interface ContourShift {
  /** Outward positive, mm. */
  shiftMm: number;
  count: number;
}

const DRAWS_AT_MOST = 16;
const LEAST_VOXELS = 5;

/**
 * The n-th random contour of a state of motion: half to all of `reachMm` inward or outward with equal chance, drawn again
 * while it leaves too few voxels or the same as another contour of that state. The draw follows from the structure's seed,
 * the motion and n alone.
 */
export function contourShift(
  { values, count }: RankedVoxels,
  perturbation: Perturbation,
  reachMm: number,
  seed: number,
): ContourShift | Refusal {
  let last: ContourShift = { shiftMm: 0, count };
  const taken = new Set([count]);
  for (let contour = 1; contour <= perturbation.contour; contour++) {
    const drawn = draw(values, taken, reachMm, seedOf(seed, motionOf(perturbation), contour));
    if ('status' in drawn) return drawn;
    taken.add(drawn.count);
    last = drawn;
  }
  return last;
}

function draw(values: Float64Array, taken: Set<number>, reachMm: number, seed: number): ContourShift | Refusal {
  const random = seededRandom(seed);
  for (let attempt = 0; attempt < DRAWS_AT_MOST; attempt++) {
    const mm = reachMm * (0.5 + random() / 2);
    const shiftMm = random() < 0.5 ? -mm : mm;
    const count = countUpTo(values, shiftMm);
    if (count >= LEAST_VOXELS && !taken.has(count)) return { shiftMm, count };
  }
  const how = `at least ${LEAST_VOXELS} voxels and another contour`;
  return refusal('failed', `${DRAWS_AT_MOST} draws of up to ${reachMm} mm gave no contour with ${how}`);
}

function countUpTo(values: Float64Array, limit: number): number {
  let count = 0;
  for (let v = 0; v < values.length; v++) if (values[v] <= limit) count++;
  return count;
}

function motionOf({ translationMm, rotationDeg }: Perturbation): string {
  return `${translationMm.join(' ')} ${rotationDeg}`;
}
