import { type Grid, sliceIndex, sliceOffsetMm, type Volume } from '../image/grid.ts';
import { column, dot, subtract, type Vec3 } from '../math/vec3.ts';
import { type Matrix4, movePoint } from './matrix4.ts';

/** A point this near outside, in voxels, counts as on the grid: rounding of decimal strings. */
const EDGE = 1e-3;

/**
 * Adds weight times the trilinear values of `source` to `sum`, a volume on its grid, and counts in `covered` how often
 * each voxel lay inside a source. Outside of the source its dose is 0. Any orientations and uneven slices.
 * @param matrix takes points of the target's frame of reference to that of the source
 */
export function addResampled(
  { sum, covered, grid: target }: { sum: Float64Array; covered: Uint8Array; grid: Grid },
  source: Volume<Float64Array>,
  weight: number,
  matrix?: Matrix4,
): void {
  const { grid, data } = source;
  const [nx, ny, nz] = target.size;
  const [sx, sy, sz] = grid.size;
  const { start, steps } = affine(target, grid, matrix);
  const [di, dj, dk] = [sx > 1 ? 1 : 0, sy > 1 ? sx : 0, sz > 1 ? sx * sy : 0];
  let n = 0;
  for (let k = 0; k < nz; k++) {
    const offset = sliceOffsetMm(target, k);
    for (let j = 0; j < ny; j++) {
      const row = [0, 1, 2].map((a) => start[a] + j * steps[3 + a] + offset * steps[6 + a]);
      for (let i = 0; i < nx; i++, n++) {
        const x = row[0] + i * steps[0];
        const y = row[1] + i * steps[1];
        const z = sz > 1 ? sliceIndex(grid, row[2] + i * steps[2]) : (row[2] + i * steps[2]) / grid.spacingMm[2];
        if (!(x >= -EDGE && x <= sx - 1 + EDGE && y >= -EDGE && y <= sy - 1 + EDGE)) continue;
        if (!(sz > 1 ? z >= -EDGE && z <= sz - 1 + EDGE : Math.abs(z) <= 0.5)) continue;
        const i0 = Math.min(Math.max(Math.floor(x), 0), Math.max(sx - 2, 0));
        const j0 = Math.min(Math.max(Math.floor(y), 0), Math.max(sy - 2, 0));
        const k0 = Math.min(Math.max(Math.floor(z), 0), Math.max(sz - 2, 0));
        const a = x - i0;
        const b = y - j0;
        const c = sz > 1 ? z - k0 : 0;
        const m = i0 + sx * (j0 + sy * k0);
        const d00 = data[m] + a * (data[m + di] - data[m]);
        const d10 = data[m + dj] + a * (data[m + dj + di] - data[m + dj]);
        const d01 = data[m + dk] + a * (data[m + dk + di] - data[m + dk]);
        const d11 = data[m + dk + dj] + a * (data[m + dk + dj + di] - data[m + dk + dj]);
        const d0 = d00 + b * (d10 - d00);
        sum[n] += weight * (d0 + c * (d01 + b * (d11 - d01) - d0));
        covered[n]++;
      }
    }
  }
}

/** The greatest dose of `source` at points outside of the box of voxel centres of `target`. */
export function greatestOutsideGy(target: Grid, source: Volume<Float64Array>, matrix?: Matrix4): number {
  const { grid, data } = source;
  const { start, steps } = affine(grid, target, matrix && invert(matrix));
  const [nx, ny, nz] = grid.size;
  const last = sliceOffsetMm(target, target.size[2] - 1);
  let greatest = 0;
  let n = 0;
  for (let k = 0; k < nz; k++) {
    const offset = sliceOffsetMm(grid, k);
    for (let j = 0; j < ny; j++) {
      const row = [0, 1, 2].map((a) => start[a] + j * steps[3 + a] + offset * steps[6 + a]);
      for (let i = 0; i < nx; i++, n++) {
        if (data[n] <= greatest) continue;
        const x = row[0] + i * steps[0];
        const y = row[1] + i * steps[1];
        const z = row[2] + i * steps[2];
        const inside = x >= -1 && x <= target.size[0] && y >= -1 && y <= target.size[1];
        if (!inside || z < -target.spacingMm[2] || z > last + target.spacingMm[2]) greatest = data[n];
      }
    }
  }
  return greatest;
}

/**
 * Coordinates in `to` of the voxels of `from`: in voxels along i and j, in mm from slice 0 along k, as
 * start + i steps[0..2] + j steps[3..5] + (mm along k) steps[6..8].
 */
function affine(from: Grid, to: Grid, matrix?: Matrix4): { start: Vec3; steps: number[] } {
  const units = [to.spacingMm[0], to.spacingMm[1], 1];
  const axes = ([0, 1, 2] as const).map((a) => column(to.direction, a));
  const into = (v: Vec3): Vec3 => [dot(axes[0], v) / units[0], dot(axes[1], v) / units[1], dot(axes[2], v) / units[2]];
  const point = matrix ? movePoint(from.originMm, matrix, 1) : from.originMm;
  const lengths = [from.spacingMm[0], from.spacingMm[1], 1];
  const steps = ([0, 1, 2] as const).flatMap((a) => {
    const direction = column(from.direction, a);
    return into(matrix ? movePoint(direction, matrix, 0) : direction).map((c) => c * lengths[a]);
  });
  return { start: into(subtract(point, to.originMm)), steps };
}

/** Of a rigid matrix: the rotation transposed, the translation turned back. */
function invert(m: Matrix4): Matrix4 {
  const back = [0, 1, 2].map((c) => -(m[c] * m[3] + m[4 + c] * m[7] + m[8 + c] * m[11]));
  return [m[0], m[4], m[8], back[0], m[1], m[5], m[9], back[1], m[2], m[6], m[10], back[2], 0, 0, 0, 1];
}
