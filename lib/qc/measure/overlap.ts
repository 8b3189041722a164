import { intersectBoxes, isEmptyBox } from '../../image/box.ts';
import type { Mask } from '../../image/grid.ts';
import { maskVolumeCc, reframeMask } from '../../image/mask.ts';

/** Volume of the voxels of both masks, which lie on one grid, cc. */
export function sharedVolumeCc(first: Mask, second: Mask): number {
  const box = intersectBoxes(first.box, second.box);
  if (isEmptyBox(box)) return 0;
  const [a, b] = [reframeMask(first, box), reframeMask(second, box)];
  return maskVolumeCc({ ...a, data: a.data.map((inside, v) => inside & b.data[v]) });
}
