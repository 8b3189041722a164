import { boundingBox, boxOf, EMPTY_BOX, uniteBoxes } from '../image/box.ts';
import type { Box, Grid, Mask } from '../image/grid.ts';
import { cropMask, maskCentroidMm } from '../image/mask.ts';
import { multiplyTransposed, subtract, type Vec3 } from '../math/vec3.ts';
import { type Refusal, refusal } from '../radiomics/region/status.ts';
import { enclosedCentroidMm } from './enclosed-voxels.ts';
import { type MovedStructure, moveStructure } from './move-structure.ts';
import type { Perturbation } from './perturbation-grid.ts';
import { type ContourDraws, type PlacedContour, placeContours } from './place-contours.ts';
import { lowestVoxels } from './rank-voxels.ts';
import type { StructureField } from './structure-field.ts';
import { tradeMarks, tradeVoxels } from './trade-voxels.ts';
import { boxGrid } from './working-grid.ts';

/** What is done to a mask: a perturbation without the noise, which is the image's. */
export type MaskChange = Omit<Perturbation, 'id' | 'noiseHu'>;

export interface PerturbedMask {
  mask: Mask;
  /** How far the motion moved the centroid, mm. */
  displacementMm: number;
  /** How far the random contour lies outside of the surface, mean and root mean square over it, mm. */
  contourMeanMm: number;
  contourRmsMm: number;
}

/** A structure is not made smaller than this, nor changed when it is. */
const LEAST_VOXELS = 10;
const LEAST_MM3 = 10;
/** A change of volume may move the centroid by this much more than that of the surface. */
const CENTROID_AT_EASE_MM = 0.05;

/**
 * The masks of a structure after motion, contour and volume, in the order of `changes`, on the grid of the image. Voxels are
 * ranked by their distance to the surface and a change takes as many of the lowest as it needs, so that volumes are exact to
 * the voxel and layers are even all around. What cannot be done on this grid is refused with the reason, never done by half.
 */
export function perturbedMasks(
  structure: StructureField,
  changes: MaskChange[],
  draws: ContourDraws,
): (PerturbedMask | Refusal)[] {
  const made = new Array<PerturbedMask | Refusal>(changes.length);
  const placedAt = changes.map((change, at) => ({ change, at }));
  for (const [motion, members] of Map.groupBy(placedAt, ({ change }) => motionOf(change))) {
    const moved = moveStructure(structure, members[0].change);
    const contours = Math.max(...members.map(({ change }) => change.contour));
    const placed = 'status' in moved ? [] : placeContours(structure, moved, motion, contours, draws);
    for (const { change, at } of members)
      made[at] =
        'status' in moved ? moved : changeVolume(structure, moved, placed[change.contour], change.volumeChange);
  }
  return made;
}

/** Names the motion of a change. */
export function motionOf({ translationMm, rotationDeg }: Pick<MaskChange, 'translationMm' | 'rotationDeg'>): string {
  return `${translationMm.join(' ')} ${rotationDeg}`;
}

/** Names all that is done to a mask: perturbations that differ by noise alone share it. */
export function maskChangeOf(change: MaskChange): string {
  return `${motionOf(change)} ${change.contour} ${change.volumeChange}`;
}

/** The smallest box that holds the masks, which is what of their image is looked at. */
export function boxOfMasks(made: Iterable<PerturbedMask | Refusal>): Box {
  let box = EMPTY_BOX;
  for (const one of made) if ('mask' in one) box = uniteBoxes(box, boundingBox(one.mask));
  return box;
}

function changeVolume(
  { mask: { grid }, reachMm }: StructureField,
  { displacementMm }: MovedStructure,
  contour: PlacedContour | Refusal,
  change: number,
): PerturbedMask | Refusal {
  if ('status' in contour) return contour;
  const count = targetCount(contour.count, change, grid.spacingMm);
  if (typeof count !== 'number') return count;
  const { marks, cut } = count === contour.count ? { ...contour, cut: 0 } : lowestVoxels(contour.values, count);
  if (cut + contour.mostMm > reachMm)
    return refusal('failed', `there is no room in the image for ${count} voxels around the structure`);
  if (count !== contour.count) holdCentroid(contour, boxGrid(grid, contour.box), { marks, cut });
  const { box, meanMm: contourMeanMm, rmsMm: contourRmsMm } = contour;
  return { mask: cropMask({ grid, box, data: marks }), displacementMm, contourMeanMm, contourRmsMm };
}

/**
 * Whole voxels leave or enter more on one side than on the other: those at the cut change places until the centroid has moved
 * as that of the surface, to which voxels count in part.
 */
function holdCentroid(contour: PlacedContour, grid: Grid, { marks, cut }: { marks: Uint8Array; cut: number }): void {
  const { values } = contour;
  const before = knownOffsets.get(contour) ?? offsetMm(contour, grid, contour);
  knownOffsets.set(contour, before);
  const after = offsetMm(contour, grid, { marks, cut });
  tradeMarks(marks, tradeVoxels({ grid, values, marks, cut }, subtract(after, before), CENTROID_AT_EASE_MM));
}

/** One for all volumes of a contour. */
const knownOffsets = new WeakMap<PlacedContour, Vec3>();

/** From the centroid of the surface to that of the marked voxels, along the axes of the grid. */
function offsetMm({ values }: PlacedContour, grid: Grid, { marks, cut }: { marks: Uint8Array; cut: number }): Vec3 {
  const marked = maskCentroidMm({ grid, box: boxOf(grid), data: marks });
  if (marked === undefined) return [0, 0, 0];
  const alongAxes = multiplyTransposed(grid.direction, subtract(marked, grid.originMm));
  return subtract(alongAxes, enclosedCentroidMm({ grid, data: values }, cut));
}

function targetCount(count: number, change: number, spacingMm: number[]): number | Refusal {
  if (change === 0) return count;
  const least = Math.max(LEAST_VOXELS, Math.ceil(LEAST_MM3 / (spacingMm[0] * spacingMm[1] * spacingMm[2])));
  const target = Math.round(count * (1 + change));
  const percent = 100 * change;
  if (Math.min(count, target) < least) {
    return refusal('too_small', `${count} voxels to be changed by ${percent} %: at least ${least} are needed`);
  }
  if (target === count) return refusal('failed', `${count} voxels are too few to be changed by ${percent} %`);
  return target;
}
