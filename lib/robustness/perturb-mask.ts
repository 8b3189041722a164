import { boxOf, intersectBoxes } from '../image/box.ts';
import { type Mask, voxelCount } from '../image/grid.ts';
import { cropMask } from '../image/mask.ts';
import { type Refusal, refusal } from '../radiomics/region/status.ts';
import { type ContourShift, contourShift } from './contour-shift.ts';
import { moveStructure } from './move-structure.ts';
import type { Perturbation } from './perturbation-grid.ts';
import { lowestVoxels, type RankedVoxels } from './rank-voxels.ts';
import type { StructureField } from './structure-field.ts';

export interface PerturbedMask {
  mask: Mask;
  /** How far the contour was moved, mm; negative inward. */
  contourShiftMm: number;
}

/** A structure is not made smaller than this, nor changed when it is. */
const LEAST_VOXELS = 10;
const LEAST_MM3 = 10;

/**
 * The mask after motion, contour and volume, on the grid of the image. Voxels are ranked by their distance to the surface
 * and a perturbation takes as many of the lowest as it needs, so that volumes are exact to the voxel and layers are even
 * all around. What cannot be done on this grid is refused with the reason, never done by half.
 */
export function perturbMask(
  structure: StructureField,
  perturbation: Perturbation,
  contourMm: number,
  seed: number,
): PerturbedMask | Refusal {
  const moved = moveStructure(structure, perturbation);
  if ('status' in moved) return moved;
  const inImage = withinImage(moved, structure.mask);
  const shift = contourShift(inImage, perturbation, contourMm, seed);
  if ('status' in shift) return shift;
  const count = targetCount(shift, perturbation.volumeChange, structure.mask);
  if (typeof count !== 'number') return count;
  const { marks, cut } = lowestVoxels(inImage.values, count);
  if (cut > structure.reachMm) {
    return refusal('failed', `there is no room in the image for ${count} voxels around the structure`);
  }
  const mask = cropMask({ grid: structure.mask.grid, box: inImage.box, data: marks });
  return { mask, contourShiftMm: shift.shiftMm };
}

function withinImage({ box, values, count }: RankedVoxels, { grid }: Mask): RankedVoxels {
  const shared = intersectBoxes(box, boxOf(grid));
  const inside = new Float64Array(voxelCount(shared));
  const [nx, ny, nz] = shared.size;
  const [di, dj, dk] = shared.start.map((start, axis) => start - box.start[axis]);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = di + box.size[0] * (dj + j + box.size[1] * (dk + k));
      inside.set(values.subarray(from, from + nx), nx * (j + ny * k));
    }
  }
  return { box: shared, values: inside, count };
}

function targetCount({ count }: ContourShift, change: number, mask: Mask): number | Refusal {
  if (change === 0) return count;
  const { spacingMm } = mask.grid;
  const least = Math.max(LEAST_VOXELS, Math.ceil(LEAST_MM3 / (spacingMm[0] * spacingMm[1] * spacingMm[2])));
  const target = Math.round(count * (1 + change));
  const percent = 100 * change;
  if (Math.min(count, target) < least) {
    return refusal('too_small', `${count} voxels to be changed by ${percent} %: at least ${least} are needed`);
  }
  if (target === count) return refusal('failed', `${count} voxels are too few to be changed by ${percent} %`);
  return target;
}
