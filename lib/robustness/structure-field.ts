import { boundingBox, growBox } from '../image/box.ts';
import { connectedComponents } from '../image/components.ts';
import { type Box, type Grid, indexToPatient, type Mask, sliceOffsetMm, type Volume } from '../image/grid.ts';
import { countVoxels, cropMask, maskCentroidMm, maskVolumeCc } from '../image/mask.ts';
import type { Vec3 } from '../math/vec3.ts';
import { MM3_PER_CC } from '../units.ts';
import { contourReachMm, type Perturbation, type PerturbationSettings } from './perturbation-grid.ts';
import { surfaceField } from './surface-field.ts';

/** A structure with what all its perturbations start from. Plain, so that it can be posted to threads. */
export interface StructureField {
  mask: Mask;
  count: number;
  centreMm: Vec3;
  /** Connected parts, over corners too. */
  parts: number;
  /** Of the ball of the same volume. */
  radiusMm: number;
  /** Root mean square of the distance from the axis along the patient's z through the centre. */
  axialRadiusMm: number;
  /** Signed distance to its surface, on a working grid that holds the voxels of `box`. */
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
  const radiusMm = Math.cbrt((0.75 * maskVolumeCc(cropped) * MM3_PER_CC) / Math.PI);
  const neededMm = thickestLayerMm(radiusMm, grid, contourReachMm(settings));
  const box = growBox(boundingBox(cropped), steps.map((step) => Math.ceil(neededMm / step) + SPARE_VOXELS) as Vec3);
  const centreMm = maskCentroidMm(cropped) ?? [0, 0, 0];
  return {
    mask: cropped,
    count: countVoxels(cropped),
    centreMm,
    parts: connectedComponents(cropped, 26).sizes.length,
    radiusMm,
    axialRadiusMm: axialRadiusMm(cropped, centreMm),
    field: surfaceField(cropped, box),
    box,
    reachMm: neededMm + (SPARE_VOXELS - 1) * Math.min(...steps),
  };
}

/**
 * The layer that brings a body to the largest volume of the grid: thickest for a ball (Brunn and Minkowski), so it is
 * taken from the ball of the same volume.
 */
function thickestLayerMm(radiusMm: number, grid: Perturbation[], contourMm: number): number {
  const outward = grid.some(({ contour }) => contour > 0) ? contourMm : 0;
  const growth = Math.max(0, ...grid.map(({ volumeChange }) => volumeChange));
  return (radiusMm + outward) * Math.cbrt(1 + growth) - radiusMm;
}

function axialRadiusMm({ grid, box, data }: Mask, centreMm: Vec3): number {
  const [nx, ny, nz] = box.size;
  let [squares, count] = [0, 0];
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, v++) {
        if (data[v] === 0) continue;
        const at = indexToPatient(grid, [box.start[0] + i, box.start[1] + j, box.start[2] + k]);
        squares += (at[0] - centreMm[0]) ** 2 + (at[1] - centreMm[1]) ** 2;
        count++;
      }
  return Math.sqrt(squares / Math.max(1, count));
}

function smallestSteps(grid: Grid): Vec3 {
  const gaps = Array.from({ length: grid.size[2] - 1 }, (_, k) => sliceOffsetMm(grid, k + 1) - sliceOffsetMm(grid, k));
  return [grid.spacingMm[0], grid.spacingMm[1], Math.min(grid.spacingMm[2], ...gaps)];
}
