import type { Mask, Volume } from '../../image/grid.ts';
import { MM_PER_CM } from '../../units.ts';
import { roiOf } from '../region/roi.ts';

/** Radius of a sphere of 1 cm3. */
const RADIUS_MM = MM_PER_CM * (3 / (4 * Math.PI)) ** (1 / 3);

/** A row of the sphere: voxels -reach .. reach along i at an offset (j, k). */
interface SphereRow {
  j: number;
  k: number;
  reach: number;
}

/**
 * Local and global intensity peak, IBSI 9ST6: means over the voxels whose centres lie within a sphere of 1 cm3 about a
 * voxel of the region, whether those lie in the region or not, but inside the image. Local: about the voxel of the
 * highest intensity, of several the one with the highest mean.
 */
export function localIntensity(image: Volume, intensity: Mask): Record<string, number> {
  const roi = roiOf(intensity, 0);
  const rows = sphereRows(image.grid.spacingMm);
  const sums = rowSums(image);
  const { data } = image;
  let [highest, local, global] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const voxel of roi.imageVoxels) {
    const mean = sphereMean(image, sums, rows, voxel);
    if (mean > global) global = mean;
    if (data[voxel] > highest || (data[voxel] === highest && mean > local)) {
      highest = data[voxel];
      local = mean;
    }
  }
  return { loc_peak_loc: local, loc_peak_glob: global };
}

function sphereRows([sx, sy, sz]: readonly number[]): SphereRow[] {
  const rows: SphereRow[] = [];
  const reachK = Math.floor(RADIUS_MM / sz);
  const reachJ = Math.floor(RADIUS_MM / sy);
  for (let k = -reachK; k <= reachK; k++) {
    for (let j = -reachJ; j <= reachJ; j++) {
      const left = RADIUS_MM ** 2 - (k * sz) ** 2 - (j * sy) ** 2;
      if (left >= 0) rows.push({ j, k, reach: Math.floor(Math.sqrt(left) / sx) });
    }
  }
  return rows;
}

/** Sum of the intensities before each voxel in its row along i. One more number per row than voxels. */
function rowSums({ grid, data }: Volume): Float64Array {
  const [nx, ny, nz] = grid.size;
  const sums = new Float64Array((nx + 1) * ny * nz);
  for (let row = 0; row < ny * nz; row++) {
    let sum = 0;
    for (let i = 0; i < nx; i++) {
      sum += data[row * nx + i];
      sums[row * (nx + 1) + i + 1] = sum;
    }
  }
  return sums;
}

function sphereMean({ grid }: Volume, sums: Float64Array, rows: SphereRow[], voxel: number): number {
  const [nx, ny, nz] = grid.size;
  const i = voxel % nx;
  const j = Math.floor(voxel / nx) % ny;
  const k = Math.floor(voxel / (nx * ny));
  let sum = 0;
  let count = 0;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    const y = j + row.j;
    const z = k + row.k;
    if (y < 0 || y >= ny || z < 0 || z >= nz) continue;
    const from = Math.max(i - row.reach, 0);
    const to = Math.min(i + row.reach, nx - 1) + 1;
    const at = (nx + 1) * (y + ny * z);
    sum += sums[at + to] - sums[at + from];
    count += to - from;
  }
  return sum / count;
}
