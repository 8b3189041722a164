import type { Box, Grid, Mask } from '../../image/grid.ts';
import { indexToPatient, patientToIndex } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';

const AXES = ['i (columns)', 'j (rows)', 'k (slices)'];
/** ITK's default, in units of the first spacing for lengths. */
const ITK_TOLERANCE = 1e-6;

/** How two grids differ beyond the tolerance, each difference in numbers; empty when they are one grid. */
export function gridDifferences(image: Grid, mask: Grid, tolerance: number | null): string[] {
  const relative = tolerance ?? ITK_TOLERANCE;
  const limitMm = relative * image.spacingMm[0];
  const found: string[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const [a, b] = [image.size[axis], mask.size[axis]];
    if (a !== b) found.push(`size along ${AXES[axis]}: image ${a}, mask ${b} voxels`);
  }
  for (let axis = 0; axis < 3; axis++) {
    const [a, b] = [image.spacingMm[axis], mask.spacingMm[axis]];
    if (Math.abs(a - b) > limitMm) found.push(`spacing along ${AXES[axis]}: image ${a}, mask ${b} mm`);
  }
  for (let axis = 0; axis < 3; axis++) {
    const shift = mask.originMm[axis] - image.originMm[axis];
    if (Math.abs(shift) > limitMm) found.push(`origin along ${'xyz'[axis]}: the mask lies ${signed(shift)} mm off`);
  }
  const turn = Math.max(...image.direction.map((cosine, n) => Math.abs(cosine - mask.direction[n])));
  if (turn > relative) found.push(`direction cosines differ by up to ${turn.toPrecision(3)}`);
  return found;
}

/** By how much the region reaches beyond the image, in numbers; undefined when it lies inside within 1e-3 voxel. */
export function regionOutside(image: Grid, mask: Mask, region: Box): string | undefined {
  const low: Vec3 = [region.start[0] - 0.5, region.start[1] - 0.5, region.start[2] - 0.5];
  const high: Vec3 = [low[0] + region.size[0], low[1] + region.size[1], low[2] + region.size[2]];
  const corners = [low, high].map((corner) => patientToIndex(image, indexToPatient(mask.grid, corner)));
  for (let axis = 0; axis < 3; axis++) {
    const first = Math.min(corners[0][axis], corners[1][axis]);
    const last = Math.max(corners[0][axis], corners[1][axis]);
    const before = -0.5 - first;
    const after = last - (image.size[axis] - 0.5);
    if (before > 1e-3 || after > 1e-3) {
      const beyond = Math.max(before, after);
      const mm = beyond * image.spacingMm[axis];
      return `the region reaches ${beyond.toFixed(2)} voxels (${mm.toFixed(2)} mm) beyond the image along ${AXES[axis]}`;
    }
  }
  return undefined;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${Number(value.toPrecision(6))}`;
}
