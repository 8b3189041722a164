import type { Grid } from '../image/grid.ts';
import { latticeOf, type SurfacePoints } from './surface-points.ts';

/** Sweeps there and back: a second round mends what the first has not seen. */
const ROUNDS = 2;

/**
 * For each voxel the number of the surface point nearest to it: every voxel tries the points of its neighbours, in sweeps
 * through the grid (Danielsson 1980, doi:10.1016/0146-664X(80)90054-4). -1 without any point.
 */
export function nearestPoints({ positions, beside }: SurfacePoints, grid: Grid): Int32Array {
  const [nx, ny, nz] = grid.size;
  const [xs, ys, zs] = latticeOf(grid).places;
  const nearest = beside.slice();
  const squares = new Float64Array(nearest.length).fill(Number.POSITIVE_INFINITY);
  const offer = (v: number, i: number, j: number, k: number, point: number) => {
    if (point < 0) return;
    const x = xs[i] - positions[3 * point];
    const y = ys[j] - positions[3 * point + 1];
    const z = zs[k] - positions[3 * point + 2];
    const square = x * x + y * y + z * z;
    if (square >= squares[v]) return;
    squares[v] = square;
    nearest[v] = point;
  };
  const ask = (v: number, i: number, j: number, k: number, neighbour: number) => {
    const point = nearest[neighbour];
    if (point !== nearest[v]) offer(v, i, j, k, point);
  };
  const sweepRow = (j: number, k: number, step: 1 | -1) => {
    const row = nx * (j + ny * k);
    const [first, last] = step === 1 ? [0, nx - 1] : [nx - 1, 0];
    const [behind, below] = [j - step, k - step];
    for (let n = 0, i = first; n < nx; n++, i += step) {
      const v = row + i;
      if (i !== first) ask(v, i, j, k, v - step);
      if (behind >= 0 && behind < ny) ask(v, i, j, k, v - step * nx);
      if (below >= 0 && below < nz) ask(v, i, j, k, v - step * nx * ny);
    }
    for (let n = 1, i = last - step; n < nx; n++, i -= step) ask(row + i, i, j, k, row + i + step);
  };
  for (let k = 0, v = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, v++) offer(v, i, j, k, beside[v]);
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = 0; k < nz; k++) for (let j = 0; j < ny; j++) sweepRow(j, k, 1);
    for (let k = nz - 1; k >= 0; k--) for (let j = ny - 1; j >= 0; j--) sweepRow(j, k, -1);
  }
  return nearest;
}
