import { connectedComponents } from '../../image/components.ts';
import type { Volume } from '../../image/grid.ts';
import { maskOfVolume } from '../../image/mask.ts';
import type { Step } from '../custom-models/steps-schema.ts';
import type { LabelArray } from '../nnunet/segment.ts';

/** Labels without the components (neighbours over faces) that the step does not keep. */
export function cleaned({ grid, data }: Volume<LabelArray>, { labels, keep_largest, smallest_mm3 }: Step): LabelArray {
  const voxelMm3 = grid.spacingMm.reduce((product, mm) => product * mm, 1);
  let kept = data;
  for (const name of keep_largest) kept = keepComponents({ grid, data: kept }, labels[name], (_, rank) => rank === 1);
  for (const [name, mm3] of Object.entries(smallest_mm3))
    kept = keepComponents({ grid, data: kept }, labels[name], (voxels) => voxels > mm3 / voxelMm3);
  return kept;
}

function keepComponents(
  { grid, data }: Volume<LabelArray>,
  value: number,
  isKept: (voxels: number, rank: number) => boolean,
): LabelArray {
  const mask = maskOfVolume(grid, data, value);
  const { labels, sizes } = connectedComponents(mask, 6);
  const kept = [false, ...sizes.map((voxels, index) => isKept(voxels, index + 1))];
  const { start, size } = mask.box;
  const result = data.slice();
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      const row = start[0] + grid.size[0] * (start[1] + j + grid.size[1] * (start[2] + k));
      for (let i = 0; i < size[0]; i++, at++) if (labels[at] > 0 && !kept[labels[at]]) result[row + i] = 0;
    }
  }
  return result;
}
