import { intersectBoxes, isEmptyBox } from '../../image/box.ts';
import type { Mask } from '../../image/grid.ts';
import { maskVolumeCc, reframeMask } from '../../image/mask.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { SliceTally } from './slice-tally.ts';
import { forEachVoxel } from './structure.ts';

/** What two masks share. */
export interface Shared {
  sharedCc: number;
  /** Middle of it on the slice that has most of it, mm; absent where they share nothing. */
  middleMm?: Vec3;
}

/** The voxels of both masks, which lie on one grid. */
export function sharedPart(first: Mask, second: Mask): Shared {
  const box = intersectBoxes(first.box, second.box);
  if (isEmptyBox(box)) return { sharedCc: 0 };
  const [a, b] = [reframeMask(first, box), reframeMask(second, box)];
  const both = { ...a, data: a.data.map((inside, v) => inside & b.data[v]) };
  const tally = new SliceTally();
  forEachVoxel(both, (i, j, k) => tally.add(i, j, k));
  return { sharedCc: maskVolumeCc(both), middleMm: tally.middleMm(both.grid) };
}
