import type { Box, Volume } from '../image/grid.ts';
import { type Refusal, refusal } from '../radiomics/region/status.ts';
import { type MovedStructure, valuesAfterMotion } from './move-structure.ts';
import { randomContour } from './random-contour.ts';
import { lowestVoxels } from './rank-voxels.ts';
import { seedOf } from './seed.ts';
import type { StructureField } from './structure-field.ts';

/** Random contours: how far they move at most, and what they follow from. */
export interface ContourDraws {
  reachMm: number;
  seed: number;
}

/** The voxels of a structure after motion and contour, ranked, before its volume is changed. */
export interface PlacedContour {
  box: Box;
  values: Float64Array;
  count: number;
  marks: Uint8Array;
  /** The greatest value among the marked. */
  cut: number;
  /** How far it lies outside of the surface, mean and root mean square over it, mm. */
  meanMm: number;
  rmsMm: number;
  /** How far it lies outside of the surface at most, mm. */
  mostMm: number;
}

const DRAWS_AT_MOST = 16;
const LEAST_VOXELS = 5;
/** Length of the bulges of a contour, in parts of the structure's radius. */
const BULGE = 0.5;

/**
 * The contour as it is and `many` random ones of a structure where it came to lie; they end where the image ends. A contour
 * is drawn again while it leaves too few voxels or the mask of another contour; the draw follows from the structure's seed,
 * the motion and its number.
 */
export function placeContours(
  structure: StructureField,
  moved: MovedStructure,
  motion: string,
  many: number,
  draws: ContourDraws,
): (PlacedContour | Refusal)[] {
  const still = { meanMm: 0, rmsMm: 0, mostMm: 0 };
  const placed: (PlacedContour | Refusal)[] = [
    { ...place(structure, moved, structure.field, structure.count), ...still },
  ];
  for (let contour = 1; contour <= many; contour++)
    placed.push(draw(structure, moved, placed, draws.reachMm, seedOf(draws.seed, motion, contour)));
  return placed;
}

function draw(
  structure: StructureField,
  moved: MovedStructure,
  others: (PlacedContour | Refusal)[],
  reachMm: number,
  seed: number,
): PlacedContour | Refusal {
  for (let attempt = 0; attempt < DRAWS_AT_MOST; attempt++) {
    const drawn = randomContour(structure.field, reachMm, BULGE * structure.radiusMm, seedOf(seed, attempt));
    const placed = place(structure, { ...moved, trades: [] }, drawn.field, Math.round(structure.count * drawn.growth));
    const isAnother = others.every((other) => 'status' in other || !isSame(other, placed));
    const { meanMm, rmsMm } = drawn;
    if (placed.count >= LEAST_VOXELS && isAnother) return { ...placed, meanMm, rmsMm, mostMm: reachMm };
  }
  const how = `at least ${LEAST_VOXELS} voxels and another contour`;
  return refusal('failed', `${DRAWS_AT_MOST} draws of up to ${reachMm} mm gave no contour with ${how}`);
}

function place({ mask }: StructureField, moved: MovedStructure, field: Volume<Float32Array>, enclosed: number) {
  const { box, values, outside } = valuesAfterMotion(field, moved, mask.grid);
  const count = enclosed - outside;
  return { box, values, count, ...lowestVoxels(values, count) };
}

function isSame(a: PlacedContour, b: { count: number; marks: Uint8Array }): boolean {
  return a.count === b.count && a.marks.every((mark, v) => mark === b.marks[v]);
}
