import type { Mask } from '../image/grid.ts';
import { column, fromColumns } from '../math/vec3.ts';
import { type Matrix4, movePoint } from '../rt/matrix4.ts';
import type { Contour } from '../rt/structure-set.ts';

/** Contours taken to another frame of reference by a rigid matrix. */
export function moveContours(contours: Contour[], matrix: Matrix4): Contour[] {
  return contours.map((contour) => {
    const { pointsMm } = contour;
    const moved = new Float64Array(pointsMm.length);
    for (let p = 0; p + 2 < pointsMm.length; p += 3)
      moved.set(movePoint([pointsMm[p], pointsMm[p + 1], pointsMm[p + 2]], matrix, 1), p);
    return { ...contour, pointsMm: moved };
  });
}

/** A mask whose grid is taken to another frame of reference by a rigid matrix; the voxels stay as they are. */
export function moveMask(mask: Mask, matrix: Matrix4): Mask {
  const { grid } = mask;
  const [i, j, k] = ([0, 1, 2] as const).map((a) => movePoint(column(grid.direction, a), matrix, 0));
  const originMm = movePoint(grid.originMm, matrix, 1);
  return { ...mask, grid: { ...grid, originMm, direction: fromColumns(i, j, k), frameOfReferenceUid: undefined } };
}
