import type { Vec3 } from '../math/vec3.ts';
import { MM3_PER_CC } from '../units.ts';
import { boundingBox, boxOf, EMPTY_BOX, intersectBoxes, isEmptyBox } from './box.ts';
import { type Box, type Grid, indexToPatient, type Mask, type VoxelArray, voxelCount } from './grid.ts';
import { sliceThicknessesMm } from './slice-thickness.ts';

export function emptyMask(grid: Grid): Mask {
  return { grid, box: EMPTY_BOX, data: new Uint8Array(0) };
}

/** The voxels of a whole volume that are not 0, or that equal `label`; stored in the smallest box. */
export function maskOfVolume(grid: Grid, data: VoxelArray, label?: number): Mask {
  const inside = new Uint8Array(voxelCount(grid));
  if (label === undefined) for (let v = 0; v < inside.length; v++) inside[v] = data[v] !== 0 ? 1 : 0;
  else for (let v = 0; v < inside.length; v++) inside[v] = data[v] === label ? 1 : 0;
  return cropMask({ grid, box: boxOf(grid), data: inside });
}

/** The same voxels stored in another box; voxels outside of it are lost. */
export function reframeMask(mask: Mask, box: Box): Mask {
  const data = new Uint8Array(isEmptyBox(box) ? 0 : voxelCount(box));
  const shared = intersectBoxes(mask.box, box);
  const [si, sj, sk] = shared.start;
  for (let k = sk; k < sk + shared.size[2]; k++) {
    for (let j = sj; j < sj + shared.size[1]; j++) {
      const from = offsetIn(mask.box, si, j, k);
      data.set(mask.data.subarray(from, from + shared.size[0]), offsetIn(box, si, j, k));
    }
  }
  return { grid: mask.grid, box, data };
}

/** The same voxels in the smallest box. */
export function cropMask(mask: Mask): Mask {
  return reframeMask(mask, boundingBox(mask));
}

/** One byte for every voxel of the whole grid. */
export function fullMaskData(mask: Mask): Uint8Array {
  return reframeMask(mask, boxOf(mask.grid)).data;
}

export function isInside(mask: Mask, i: number, j: number, k: number): boolean {
  const [si, sj, sk] = mask.box.start;
  const [nx, ny, nz] = mask.box.size;
  const inBox = i >= si && j >= sj && k >= sk && i < si + nx && j < sj + ny && k < sk + nz;
  return inBox && mask.data[offsetIn(mask.box, i, j, k)] === 1;
}

export function countVoxels(mask: Mask): number {
  let count = 0;
  for (let v = 0; v < mask.data.length; v++) count += mask.data[v];
  return count;
}

/** Voxels of each slice of the box. */
export function countVoxelsBySlice(mask: Mask): number[] {
  const area = mask.box.size[0] * mask.box.size[1];
  return Array.from({ length: mask.box.size[2] }, (_, k) => {
    let count = 0;
    for (let v = k * area; v < (k + 1) * area; v++) count += mask.data[v];
    return count;
  });
}

/** Sum of voxel volumes, cc; a slice is as thick as half the gaps to its two neighbours together. */
export function maskVolumeCc(mask: Mask): number {
  const { spacingMm } = mask.grid;
  const thicknesses = sliceThicknessesMm(mask.grid);
  const heights = countVoxelsBySlice(mask).map((count, k) => count * thicknesses[mask.box.start[2] + k]);
  return (heights.reduce((sum, height) => sum + height, 0) * spacingMm[0] * spacingMm[1]) / MM3_PER_CC;
}

/** Mean of the voxel centres in patient coordinates, mm, each weighed by its slice thickness; undefined when empty. */
export function maskCentroidMm(mask: Mask): Vec3 | undefined {
  const [nx, ny, nz] = mask.box.size;
  const thicknesses = sliceThicknessesMm(mask.grid);
  const sum: Vec3 = [0, 0, 0];
  let weight = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    let [count, sumI, sumJ] = [0, 0, 0];
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++) {
        if (mask.data[at] === 0) continue;
        count++;
        sumI += i;
        sumJ += j;
      }
    if (count === 0) continue;
    const slice = mask.box.start[2] + k;
    const centre = indexToPatient(mask.grid, [
      mask.box.start[0] + sumI / count,
      mask.box.start[1] + sumJ / count,
      slice,
    ]);
    const w = count * thicknesses[slice];
    weight += w;
    for (let axis = 0; axis < 3; axis++) sum[axis] += w * centre[axis];
  }
  return weight === 0 ? undefined : [sum[0] / weight, sum[1] / weight, sum[2] / weight];
}

function offsetIn(box: Box, i: number, j: number, k: number): number {
  return i - box.start[0] + box.size[0] * (j - box.start[1] + box.size[1] * (k - box.start[2]));
}
