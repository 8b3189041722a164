import type { Box, Grid } from '../image/grid.ts';
import { indexToPatient, patientToIndex } from '../image/grid.ts';
import { addScaled, column, fromColumns, subtract, type Vec3 } from '../math/vec3.ts';

/** A rotation about an axis along the patient's z through `centreMm`, then a translation. */
export interface RigidMotion {
  centreMm: Vec3;
  rotationDeg: number;
  translationMm: Vec3;
}

export function isStill({ rotationDeg, translationMm }: RigidMotion): boolean {
  return rotationDeg === 0 && translationMm.every((mm) => mm === 0);
}

/** Where a point of the body comes to lie. */
export function movePoint(point: Vec3, { centreMm, rotationDeg, translationMm }: RigidMotion): Vec3 {
  const turned = addScaled(centreMm, 1, turn(subtract(point, centreMm), rotationDeg));
  return addScaled(turned, 1, translationMm);
}

/** The grid of voxel positions before the motion: a value there moves to the same voxel of `grid`. */
export function gridBeforeMotion(grid: Grid, { centreMm, rotationDeg, translationMm }: RigidMotion): Grid {
  const back = subtract(subtract(grid.originMm, translationMm), centreMm);
  const axes = ([0, 1, 2] as const).map((axis) => turn(column(grid.direction, axis), -rotationDeg));
  return {
    ...grid,
    originMm: addScaled(centreMm, 1, turn(back, -rotationDeg)),
    direction: fromColumns(axes[0], axes[1], axes[2]),
  };
}

/** The voxels of `grid` that a box of it can come to lie on; may go beyond the grid. */
export function boxAfterMotion(grid: Grid, box: Box, motion: RigidMotion): Box {
  const low: Vec3 = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: Vec3 = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let corner = 0; corner < 8; corner++) {
    const end = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const index = box.start.map((start, axis) => start + end[axis] * (box.size[axis] - 1)) as Vec3;
    const moved = patientToIndex(grid, movePoint(indexToPatient(grid, index), motion));
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], moved[axis]);
      high[axis] = Math.max(high[axis], moved[axis]);
    }
  }
  const start = low.map(Math.floor) as Vec3;
  return { start, size: high.map((value, axis) => Math.ceil(value) - start[axis] + 1) as Vec3 };
}

function turn([x, y, z]: Vec3, degrees: number): Vec3 {
  if (degrees === 0) return [x, y, z];
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [cos * x - sin * y, sin * x + cos * y, z];
}
