import type { Mask } from '../../image/grid.ts';
import { type Roi, roiOf } from '../roi.ts';

/**
 * City-block distance of each voxel of `part` to the border of the morphological mask, in steps across faces (in the
 * slice alone when `flat`): 1 for a voxel with a face on the border. The edge of the image counts as border (IBSI VMDZ).
 * The answer is laid out over the box of `part`, whose voxels must all lie in the mask.
 */
export function borderDistances(morphological: Mask, part: Roi, flat: boolean): Int32Array {
  const whole = roiOf(morphological, 1);
  const distances = new Int32Array(whole.size[0] * whole.size[1] * whole.size[2]);
  const strides = [1, whole.size[0], whole.size[0] * whole.size[1]].slice(0, flat ? 2 : 3);
  const { voxels } = whole;
  for (let n = 0; n < voxels.length; n++) {
    distances[voxels[n]] = 1 + nearest(distances, voxels[n], strides, -1);
  }
  for (let n = voxels.length - 1; n >= 0; n--) {
    const there = 1 + nearest(distances, voxels[n], strides, 1);
    if (there < distances[voxels[n]]) distances[voxels[n]] = there;
  }
  return onto(part, whole, distances);
}

function nearest(distances: Int32Array, voxel: number, strides: number[], direction: 1 | -1): number {
  let least = distances[voxel + direction * strides[0]];
  for (let s = 1; s < strides.length; s++) least = Math.min(least, distances[voxel + direction * strides[s]]);
  return least;
}

/** Both regions list their voxels in the order of the image. */
function onto(part: Roi, whole: Roi, distances: Int32Array): Int32Array {
  const moved = new Int32Array(part.size[0] * part.size[1] * part.size[2]);
  let from = 0;
  for (let n = 0; n < part.voxels.length; n++) {
    while (whole.imageVoxels[from] < part.imageVoxels[n]) from++;
    moved[part.voxels[n]] = distances[whole.voxels[from]];
  }
  return moved;
}
