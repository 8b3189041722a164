import type { VoxelArray } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { float64At, kernels, place } from '../kernels/kernels.ts';

/**
 * Coefficients of the cubic B-spline through the samples, by the recursion of Unser (1999, doi:10.1109/79.799930, box 2)
 * with mirror boundaries, in the order of operations of ITK's BSplineDecompositionImageFilter. `out` receives them.
 */
export function splineCoefficients(data: VoxelArray, size: Vec3, out: Float64Array): Float64Array {
  const [nx, ny, nz] = size;
  out.set(data);
  for (let k = 0; k < nz; k++) decomposePlane(out, nx * ny * k, nx, ny, size, [0, 1]);
  for (let j = 0; j < ny; j++) decomposePlane(out, nx * j, nx * ny, nz, size, [2]);
  return out;
}

/** Weights of the four coefficients around a position that lies `w` behind the second of them. */
export function cubicWeights(w: number): [number, number, number, number] {
  const last = (1 / 6) * w * w * w;
  const first = 1 / 6 + 0.5 * w * (w - 1) - last;
  const third = w + first - 2 * last;
  return [first, 1 - first - third - last, third, last];
}

/** Filters the plane of rows along i that lie `apart` numbers from each other, along these axes. */
function decomposePlane(
  data: Float64Array,
  start: number,
  apart: number,
  rows: number,
  size: Vec3,
  axes: readonly number[],
): void {
  const nx = size[0];
  const columns = nx + (nx % 2);
  const padded = 4 * Math.ceil(rows / 4);
  const [, planeAt, scratch] = place(NOTHING, [8 * columns * padded, 32 * columns]);
  const plane = float64At(planeAt, columns * padded);
  for (let row = 0; row < rows; row++) {
    const from = start + apart * row;
    plane.set(data.subarray(from, from + nx), columns * row);
  }
  for (const axis of axes) {
    if (size[axis] === 1) continue;
    if (axis === 0) kernels().decomposeRows(planeAt, columns, padded, nx, scratch);
    else kernels().decomposeColumns(planeAt, columns, rows);
  }
  for (let row = 0; row < rows; row++) {
    data.set(plane.subarray(columns * row, columns * row + nx), start + apart * row);
  }
}

const NOTHING = new Uint8Array(0);
