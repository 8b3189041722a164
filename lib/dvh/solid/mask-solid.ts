import { type Mask, sliceOffsetMm } from '../../image/grid.ts';
import { column, dot } from '../../math/vec3.ts';
import { shapeOf } from '../../rt/contours/shape.ts';
import { type Layer, prism, type Solid } from './solid.ts';

/**
 * The voxels of a mask as a solid of exactly their extent: on every slice the sides of its pixels as edges, half way to
 * the neighbouring slices as height. Sides along the rows are left out, as scan lines along them never cross them.
 */
export function maskSolid({ grid, box, data }: Mask): Solid {
  const axes = { u: column(grid.direction, 0), v: column(grid.direction, 1), normal: column(grid.direction, 2) };
  const [columns, rows, slices] = box.size;
  const originU = dot(axes.u, grid.originMm) + (box.start[0] - 0.5) * grid.spacingMm[0];
  const originV = dot(axes.v, grid.originMm) + (box.start[1] - 0.5) * grid.spacingMm[1];
  const originW = dot(axes.normal, grid.originMm);
  const layers: Layer[] = [];
  for (let k = 0; k < slices; k++) {
    const slice = data.subarray(k * columns * rows, (k + 1) * columns * rows);
    const { edges, pixels } = pixelSides(slice, columns, rows, originU, originV, grid.spacingMm[0], grid.spacingMm[1]);
    if (pixels === 0) continue;
    const shape = shapeOf(edges, pixels * grid.spacingMm[0] * grid.spacingMm[1]);
    const low = sliceOffsetMm(grid, box.start[2] + k - 0.5);
    const high = sliceOffsetMm(grid, box.start[2] + k + 0.5);
    layers.push(prism(shape, originW + low, originW + high));
  }
  return { axes, layers, pixelMm: grid.spacingMm[1] };
}

function pixelSides(
  slice: Uint8Array,
  columns: number,
  rows: number,
  originU: number,
  originV: number,
  width: number,
  height: number,
): { edges: Float64Array; pixels: number } {
  const edges: number[] = [];
  let pixels = 0;
  for (let j = 0; j < rows; j++) {
    const low = originV + j * height;
    const high = originV + (j + 1) * height;
    let before = 0;
    for (let i = 0; i <= columns; i++) {
      const here = i < columns && slice[j * columns + i] !== 0 ? 1 : 0;
      if (here !== before) edges.push(originU + i * width, low, originU + i * width, high);
      pixels += here;
      before = here;
    }
  }
  return { edges: Float64Array.from(edges), pixels };
}
