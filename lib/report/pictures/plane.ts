import type { Grid } from '../../image/grid.ts';
import { fromColumns, type Vec3 } from '../../math/vec3.ts';
import type { Plane } from './picture.ts';

/**
 * How a reader of radiographs sees a plane: patient axes (DICOM LPS) to the right and down, the axis that it stands on, and
 * the sides of the patient at the left, right, top and bottom edge.
 */
export const VIEWS: Record<
  Plane,
  { right: Vec3; down: Vec3; normal: 0 | 1 | 2; sides: [string, string, string, string] }
> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], normal: 2, sides: ['R', 'L', 'A', 'P'] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], normal: 1, sides: ['R', 'L', 'S', 'I'] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], normal: 0, sides: ['A', 'P', 'S', 'I'] },
};

/** A box along the patient axes, mm. */
export interface Extent {
  low: Vec3;
  high: Vec3;
}

/** The centres of the pixels of a picture of a plane: a grid one voxel thick. */
export function planeGrid(plane: Plane, positionMm: number, extent: Extent, pixelMm: number): Grid {
  const { right, down, normal } = VIEWS[plane];
  const along = (axis: Vec3) => axis.findIndex((part) => part !== 0);
  const [across, vertical] = [along(right), along(down)];
  const count = (axis: number) => Math.max(1, Math.ceil((extent.high[axis] - extent.low[axis]) / pixelMm));
  const originMm: Vec3 = [0, 0, 0];
  originMm[normal] = positionMm;
  originMm[across] = extent.low[across] + pixelMm / 2;
  originMm[vertical] = down[vertical] > 0 ? extent.low[vertical] + pixelMm / 2 : extent.high[vertical] - pixelMm / 2;
  const outward: Vec3 = [0, 0, 0];
  outward[normal] = 1;
  return {
    size: [count(across), count(vertical), 1],
    originMm,
    spacingMm: [pixelMm, pixelMm, 1],
    direction: fromColumns(right, down, outward),
  };
}
