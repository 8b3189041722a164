import type { Grid } from '../image/grid.ts';
import { float32At, kernels, place } from '../radiomics/kernels/kernels.ts';
import { latticeOf } from './surface-points.ts';

/** A wave cos(w . p + phase) along the axes of a grid. */
export interface Wave {
  perMm: number[];
  phase: number;
}

/** The sum of waves at every voxel centre; p counts in mm from the first. */
export function sumOfWaves(grid: Grid, waves: Wave[]): Float32Array {
  const [nx, ny, nz] = grid.size;
  const evenX = nx + (nx & 1);
  const [xs, ys, zs] = latticeOf(grid).places;
  const tables = new Float64Array(2 * waves.length * (evenX + ny + nz));
  let at = 0;
  const put = (places: Float64Array, perMm: number, phase: number, room: number) => {
    for (let n = 0; n < places.length; n++) {
      const angle = perMm * places[n] + phase;
      tables[at + n] = Math.cos(angle);
      tables[at + room + n] = Math.sin(angle);
    }
    at += 2 * room;
  };
  for (const { perMm, phase } of waves) {
    put(xs, perMm[0], phase, evenX);
    put(ys, perMm[1], 0, ny);
    put(zs, perMm[2], 0, nz);
  }
  const [tablesAt, rowAt, sumsAt] = place(tables, [16 * waves.length, 4 * evenX * ny * nz]);
  kernels().sumWaves(tablesAt, waves.length, evenX, ny, nz, rowAt, sumsAt);
  const sums = float32At(sumsAt, evenX * ny * nz);
  if (evenX === nx) return sums.slice();
  const packed = new Float32Array(nx * ny * nz);
  for (let row = 0; row < ny * nz; row++) packed.set(sums.subarray(row * evenX, row * evenX + nx), row * nx);
  return packed;
}
