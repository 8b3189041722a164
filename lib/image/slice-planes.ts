import { column, dot, type Vec3 } from '../math/vec3.ts';
import type { Grid } from './grid.ts';
import { sliceOffsetsMm } from './slice-thickness.ts';

/** Where the slices of an image lie. */
export interface SlicePlanes {
  normal: Vec3;
  /** Distances from the patient origin along the normal, ascending, mm. */
  offsetsMm: Float64Array;
  /** Distance of neighbouring slices as a rule, mm. */
  stepMm: number;
}

export function slicePlanesOf(grid: Grid): SlicePlanes {
  const normal = column(grid.direction, 2);
  const first = dot(normal, grid.originMm);
  return { normal, offsetsMm: sliceOffsetsMm(grid).map((offset) => first + offset), stepMm: grid.spacingMm[2] };
}
