import { connectedComponents } from '../image/components.ts';
import type { Mask } from '../image/grid.ts';
import { cropMask, maskCentroidMm } from '../image/mask.ts';
import { resampleLinear } from '../image/resample.ts';
import { norm, subtract, type Vec3 } from '../math/vec3.ts';
import { type Refusal, refusal } from '../radiomics/region/status.ts';
import type { Perturbation } from './perturbation-grid.ts';
import { lowestVoxels, type RankedVoxels } from './rank-voxels.ts';
import { boxAfterMotion, gridBeforeMotion, isStill, type RigidMotion } from './rigid-motion.ts';
import type { StructureField } from './structure-field.ts';
import { boxGrid } from './surface-field.ts';

/**
 * The structure's distances after translation and rotation, by trilinear interpolation: parts of a voxel count. The volume
 * stays as it is. Refused when it would leave the image, fall apart or join, come to lie elsewhere than asked, or not move.
 */
export function moveStructure(
  structure: StructureField,
  { translationMm, rotationDeg }: Perturbation,
): RankedVoxels | Refusal {
  const { mask, field } = structure;
  const motion: RigidMotion = { centreMm: maskCentroidMm(mask) ?? [0, 0, 0], rotationDeg, translationMm };
  const box = isStill(motion) ? structure.box : boxAfterMotion(mask.grid, structure.box, motion);
  const source = gridBeforeMotion(boxGrid(mask.grid, box), motion);
  const values = resampleLinear(field, source, Number.POSITIVE_INFINITY).data;
  const count = mask.data.reduce((sum, inside) => sum + inside, 0);
  const moved = { box, values, count };
  return (isStill(motion) ? undefined : problemOf(moved, mask, motion)) ?? moved;
}

function problemOf({ box, values, count }: RankedVoxels, mask: Mask, motion: RigidMotion): Refusal | undefined {
  const moved: Mask = { grid: mask.grid, box, data: lowestVoxels(values, count).marks };
  const lost = count - voxelsInImage(moved);
  if (lost > 0) return refusal('failed', `${lost} of ${count} voxels would lie outside of the image`);
  const offMm = centroidErrorMm(cropMask(moved), mask, motion);
  const halfDiagonalMm = norm(mask.grid.spacingMm) / 2;
  if (offMm > halfDiagonalMm) return refusal('failed', `the centroid would be off by ${offMm.toFixed(2)} mm`);
  if (isSameMask(moved, mask) && motion.rotationDeg === 0) {
    const shift = `${motion.translationMm.join(', ')} mm`;
    return refusal('failed', `a shift by ${shift} changes no voxel of ${mask.grid.spacingMm.join(' x ')} mm`);
  }
  const [before, after] = [mask, moved].map((one) => connectedComponents(one, 26).sizes.length);
  return before === after
    ? undefined
    : refusal('failed', `the structure would have ${after} parts instead of ${before}`);
}

function voxelsInImage({ grid, box, data }: Mask): number {
  const [bx, by, bz] = box.size;
  let count = 0;
  for (let k = 0, v = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      const isRowInside = isWithin(box.start[1] + j, grid.size[1]) && isWithin(box.start[2] + k, grid.size[2]);
      for (let i = 0; i < bx; i++, v++)
        if (data[v] === 1 && isRowInside && isWithin(box.start[0] + i, grid.size[0])) count++;
    }
  }
  return count;
}

function isWithin(index: number, size: number): boolean {
  return index >= 0 && index < size;
}

function centroidErrorMm(moved: Mask, mask: Mask, { translationMm }: RigidMotion): number {
  const shift = subtract(maskCentroidMm(moved) as Vec3, maskCentroidMm(mask) as Vec3);
  return norm(subtract(shift, translationMm));
}

/** Of two masks in their smallest boxes. */
function isSameMask(a: Mask, b: Mask): boolean {
  const [one, other] = [cropMask(a), cropMask(b)];
  const isSameBox = [...one.box.start, ...one.box.size].every(
    (v, n) => v === [...other.box.start, ...other.box.size][n],
  );
  return isSameBox && one.data.every((inside, v) => inside === other.data[v]);
}
