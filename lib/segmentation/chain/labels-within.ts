import type { Volume } from '../../image/grid.ts';
import type { LabelArray } from '../nnunet/segment.ts';

const FAR = 65_535;

/**
 * Labels without those that lie more steps from a mask than the distance has voxels of mean length, rounded down: as
 * TotalSegmentator, which grows the mask so many times over the faces of its voxels.
 */
export function labelsWithin(labels: LabelArray, mask: Volume<Uint8Array>, distanceMm: number): LabelArray {
  const meanMm = mask.grid.spacingMm.reduce((sum, mm) => sum + Math.fround(mm), 0) / 3;
  const most = Math.trunc(distanceMm / Math.fround(meanMm));
  const steps = stepsFrom(mask);
  return labels.map((value, v) => (steps[v] <= most ? value : 0)) as LabelArray;
}

/** For each voxel the least number of steps over faces to one of the mask. */
function stepsFrom({ grid, data }: Volume<Uint8Array>): Uint16Array {
  const steps = Uint16Array.from(data, (inside) => (inside ? 0 : FAR));
  const strides = [1, grid.size[0], grid.size[0] * grid.size[1]];
  for (const [axis, stride] of strides.entries()) {
    const length = grid.size[axis];
    for (let v = 0; v < steps.length; v++) {
      if (Math.floor(v / stride) % length > 0) steps[v] = Math.min(steps[v], steps[v - stride] + 1);
    }
    for (let v = steps.length - 1; v >= 0; v--) {
      if (Math.floor(v / stride) % length < length - 1) steps[v] = Math.min(steps[v], steps[v + stride] + 1);
    }
  }
  return steps;
}
