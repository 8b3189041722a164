import type { Grid, Mask } from '../image/grid.ts';
import type { SlicePlanes } from '../image/slice-planes.ts';
import { column, dot, fromColumns } from '../math/vec3.ts';
import { type Matrix4, movePoint } from '../rt/matrix4.ts';
import type { Contour } from '../rt/structure-set.ts';

export interface ContourRegion {
  kind: 'contours';
  contours: Contour[];
  slices?: SlicePlanes;
}

/** Contours and the slices that they are drawn on, taken to another frame of reference by a rigid matrix. */
export function moveContours({ contours, slices }: ContourRegion, matrix: Matrix4): ContourRegion {
  return { kind: 'contours', contours: contours.map(moveContour), slices: slices && moveSlices(slices, matrix) };

  function moveContour(contour: Contour): Contour {
    const { pointsMm } = contour;
    const moved = new Float64Array(pointsMm.length);
    for (let p = 0; p + 2 < pointsMm.length; p += 3)
      moved.set(movePoint([pointsMm[p], pointsMm[p + 1], pointsMm[p + 2]], matrix, 1), p);
    return { ...contour, pointsMm: moved };
  }
}

/** The normal turns with the matrix, and the patient origin moves along it. */
function moveSlices({ normal, offsetsMm, stepMm }: SlicePlanes, matrix: Matrix4): SlicePlanes {
  const turned = movePoint(normal, matrix, 0);
  const shiftMm = dot(turned, movePoint([0, 0, 0], matrix, 1));
  return { normal: turned, offsetsMm: offsetsMm.map((offset) => offset + shiftMm), stepMm };
}

/** A mask whose grid is taken to another frame of reference by a rigid matrix; the voxels stay as they are. */
export function moveMask(mask: Mask, matrix: Matrix4): Mask {
  return { ...mask, grid: moveGrid(mask.grid, matrix) };
}

/** A grid taken to another frame of reference by a rigid matrix; which frame that is, the caller knows. */
export function moveGrid(grid: Grid, matrix: Matrix4): Grid {
  const [i, j, k] = ([0, 1, 2] as const).map((a) => movePoint(column(grid.direction, a), matrix, 0));
  const originMm = movePoint(grid.originMm, matrix, 1);
  return { ...grid, originMm, direction: fromColumns(i, j, k), frameOfReferenceUid: undefined };
}
