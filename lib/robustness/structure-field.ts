import { boundingBox, growBox } from '../image/box.ts';
import { type Box, type Grid, type Mask, sliceOffsetMm, type Volume } from '../image/grid.ts';
import { cropMask, maskVolumeCc } from '../image/mask.ts';
import type { Vec3 } from '../math/vec3.ts';
import { MM3_PER_CC } from '../units.ts';
import { contourReachMm, type Perturbation, type PerturbationSettings } from './perturbation-grid.ts';
import { surfaceField } from './surface-field.ts';

/** A structure with what all its perturbations start from. Plain, so that it can be posted to threads. */
export interface StructureField {
  mask: Mask;
  /** Signed distance to its surface, on a lattice that holds the voxels of `box`. */
  field: Volume<Float32Array>;
  box: Box;
  /** Every voxel at most this far outside of the surface is in the box. */
  reachMm: number;
}

/** The box keeps this much more free on every side, so that the voxels next to the reach are known too. */
const SPARE_VOXELS = 3;

/** As far around the structure as the grid of perturbations can take it. */
export function structureField(mask: Mask, grid: Perturbation[], settings: PerturbationSettings): StructureField {
  const cropped = cropMask(mask);
  const steps = smallestSteps(mask.grid);
  const neededMm = thickestLayerMm(cropped, grid, contourReachMm(settings));
  const box = growBox(boundingBox(cropped), steps.map((step) => Math.ceil(neededMm / step) + SPARE_VOXELS) as Vec3);
  const reachMm = neededMm + (SPARE_VOXELS - 1) * Math.min(...steps);
  return { mask: cropped, field: surfaceField(cropped, box), box, reachMm };
}

/**
 * The layer that brings a body to the largest volume of the grid: thickest for a ball (Brunn and Minkowski), so it is
 * taken from the ball of the same volume.
 */
function thickestLayerMm(mask: Mask, grid: Perturbation[], contourMm: number): number {
  const radiusMm = Math.cbrt((0.75 * maskVolumeCc(mask) * MM3_PER_CC) / Math.PI);
  const outward = grid.some(({ contour }) => contour > 0) ? contourMm : 0;
  const growth = Math.max(0, ...grid.map(({ volumeChange }) => volumeChange));
  return (radiusMm + outward) * Math.cbrt(1 + growth) - radiusMm;
}

function smallestSteps(grid: Grid): Vec3 {
  const gaps = Array.from({ length: grid.size[2] - 1 }, (_, k) => sliceOffsetMm(grid, k + 1) - sliceOffsetMm(grid, k));
  return [grid.spacingMm[0], grid.spacingMm[1], Math.min(grid.spacingMm[2], ...gaps)];
}
