import type { Mask } from '../../image/grid.ts';
import { countVoxels } from '../../image/mask.ts';
import { int32At, kernels, place } from '../kernels/kernels.ts';
import { roiOf, type VoxelRoi } from '../region/roi.ts';

/**
 * City-block distance of each voxel of `part` to the border of the morphological mask, in steps across faces (in the
 * slice alone when `flat`): 1 for a voxel with a face on the border. The edge of the image counts as border (IBSI VMDZ).
 * The answer is laid out over the box of `part`, whose voxels must all lie in the mask.
 */
export function borderDistances(morphological: Mask, part: VoxelRoi, flat: boolean): Int32Array {
  const isWhole = part.margin === 1 && part.voxels.length === countVoxels(morphological);
  const whole = isWhole ? part : roiOf(morphological, 1);
  const { spans, size } = whole;
  const length = size[0] * size[1] * size[2];
  const [spansAt, distancesAt] = place(spans, [4 * length]);
  int32At(distancesAt, length).fill(0);
  kernels().measureDistances(spansAt, spans.length / 2, size[0], flat ? 0 : size[0] * size[1], distancesAt);
  const distances = int32At(distancesAt, length);
  return isWhole ? distances.slice() : onto(part, whole, distances);
}

/** Both regions list their voxels in the order of the image. */
function onto(part: VoxelRoi, whole: VoxelRoi, distances: Int32Array): Int32Array {
  const moved = new Int32Array(part.size[0] * part.size[1] * part.size[2]);
  let from = 0;
  for (let n = 0; n < part.voxels.length; n++) {
    while (whole.imageVoxels[from] < part.imageVoxels[n]) from++;
    moved[part.voxels[n]] = distances[whole.voxels[from]];
  }
  return moved;
}
