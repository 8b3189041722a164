import { intersectBoxes, isEmptyBox, uniteBoxes } from './box.ts';
import { type Box, type Mask, voxelCount } from './grid.ts';
import { cropMask, emptyMask, reframeMask } from './mask.ts';

/** Voxels of either mask; both belong to one grid. */
export function uniteMasks(a: Mask, b: Mask): Mask {
  return combine(a, b, uniteBoxes(a.box, b.box), (inA, inB) => inA | inB);
}

export function intersectMasks(a: Mask, b: Mask): Mask {
  return combine(a, b, intersectBoxes(a.box, b.box), (inA, inB) => inA & inB);
}

/** Voxels of `a` that are not in `b`. */
export function subtractMask(a: Mask, b: Mask): Mask {
  return combine(a, b, a.box, (inA, inB) => inA & ~inB & 1);
}

/** Voxels of one of the two but not of both. */
export function xorMasks(a: Mask, b: Mask): Mask {
  return combine(a, b, uniteBoxes(a.box, b.box), (inA, inB) => inA ^ inB);
}

function combine(a: Mask, b: Mask, box: Box, rule: (inA: number, inB: number) => number): Mask {
  if (isEmptyBox(box)) return emptyMask(a.grid);
  const dataA = reframeMask(a, box).data;
  const dataB = reframeMask(b, box).data;
  const data = new Uint8Array(voxelCount(box));
  for (let v = 0; v < data.length; v++) data[v] = rule(dataA[v], dataB[v]);
  return cropMask({ grid: a.grid, box, data });
}
