import type { Grid, Volume } from '../image/grid.ts';
import { column, dot, type Vec3 } from '../math/vec3.ts';
import type { PlaneAxes } from '../rt/contours/shape.ts';

/**
 * A dose in the coordinates of contour planes: a point (u, v, w) has grid coordinate
 * axes[4 a] + axes[4 a + 1] u + axes[4 a + 2] v + axes[4 a + 3] w along axis a, in voxels along i and j, in mm from
 * slice 0 along k.
 */
export interface DoseSampler {
  data: Float64Array;
  size: Vec3;
  axes: Float64Array;
  /** The inverse, row by row: u, v and w per grid coordinate along i, j and k. */
  toPlane: Float64Array;
  /** Positions of the slices along k, ascending from 0, mm. */
  slicesMm: Float64Array;
  /** Cell of k by k / lookupStepMm: the slice at or below the start of that step. */
  lookup: Int32Array;
  lookupStepMm: number;
  /** Shortest distance of two dose points, mm. */
  spacingMm: number;
  /** Half the thickness of a single slice; 0 when there are several. */
  halfSliceMm: number;
}

export function doseSampler(dose: Volume<Float64Array>, planes: PlaneAxes): DoseSampler {
  const { grid, data } = dose;
  const slicesMm = slicePositions(grid);
  const gaps = Array.from(slicesMm.subarray(1), (z, k) => z - slicesMm[k]);
  const smallest = gaps.length > 0 ? Math.min(...gaps) : grid.spacingMm[2];
  const lookupStepMm = Math.max(smallest, slicesMm[slicesMm.length - 1] / MOST_LOOKUPS);
  return {
    data,
    size: grid.size,
    axes: axesOf(grid, planes),
    toPlane: toPlaneOf(grid, planes),
    slicesMm,
    lookup: sliceLookup(slicesMm, lookupStepMm),
    lookupStepMm,
    spacingMm: Math.min(grid.spacingMm[0], grid.spacingMm[1], smallest),
    halfSliceMm: gaps.length > 0 ? 0 : grid.spacingMm[2] / 2,
  };
}

const MOST_LOOKUPS = 65536;

function slicePositions(grid: Grid): Float64Array {
  return grid.sliceOffsetsMm ?? Float64Array.from({ length: grid.size[2] }, (_, k) => k * grid.spacingMm[2]);
}

function axesOf(grid: Grid, planes: PlaneAxes): Float64Array {
  const axes = new Float64Array(12);
  for (const a of [0, 1, 2] as const) {
    const direction = column(grid.direction, a);
    const unit = a === 2 ? 1 : grid.spacingMm[a];
    axes[4 * a] = -dot(direction, grid.originMm) / unit;
    axes[4 * a + 1] = dot(direction, planes.u) / unit;
    axes[4 * a + 2] = dot(direction, planes.v) / unit;
    axes[4 * a + 3] = dot(direction, planes.normal) / unit;
  }
  return axes;
}

function toPlaneOf(grid: Grid, planes: PlaneAxes): Float64Array {
  const rows = [planes.u, planes.v, planes.normal].map((axis) =>
    ([0, 1, 2] as const).map((a) => dot(axis, column(grid.direction, a)) * (a === 2 ? 1 : grid.spacingMm[a])),
  );
  return Float64Array.from(rows.flat());
}

function sliceLookup(slicesMm: Float64Array, step: number): Int32Array {
  const lookup = new Int32Array(Math.ceil(slicesMm[slicesMm.length - 1] / step) + 2);
  let k = 0;
  for (let n = 0; n < lookup.length; n++) {
    while (k + 2 < slicesMm.length && slicesMm[k + 1] <= n * step) k++;
    lookup[n] = k;
  }
  return lookup;
}

/** Trilinear dose at a point; NaN outside the grid. */
export function doseAt(sampler: DoseSampler, u: number, v: number, w: number): number {
  const { axes, size, slicesMm, data } = sampler;
  const i = axes[0] + axes[1] * u + axes[2] * v + axes[3] * w;
  const j = axes[4] + axes[5] * u + axes[6] * v + axes[7] * w;
  const q = axes[8] + axes[9] * u + axes[10] * v + axes[11] * w;
  const last = slicesMm[size[2] - 1];
  if (!(i >= -EDGE && i <= size[0] - 1 + EDGE && j >= -EDGE && j <= size[1] - 1 + EDGE)) return Number.NaN;
  if (!(q >= -EDGE - sampler.halfSliceMm && q <= last + EDGE + sampler.halfSliceMm)) return Number.NaN;
  const i0 = Math.min(Math.max(Math.floor(i), 0), Math.max(size[0] - 2, 0));
  const j0 = Math.min(Math.max(Math.floor(j), 0), Math.max(size[1] - 2, 0));
  const k0 = sliceBelow(sampler, q);
  const a = i - i0;
  const b = j - j0;
  const c = size[2] > 1 ? (q - slicesMm[k0]) / (slicesMm[k0 + 1] - slicesMm[k0]) : 0;
  const di = size[0] > 1 ? 1 : 0;
  const dj = size[1] > 1 ? size[0] : 0;
  const dk = size[2] > 1 ? size[0] * size[1] : 0;
  const n = i0 + size[0] * (j0 + size[1] * k0);
  const d00 = data[n] + a * (data[n + di] - data[n]);
  const d10 = data[n + dj] + a * (data[n + dj + di] - data[n + dj]);
  const d01 = data[n + dk] + a * (data[n + dk + di] - data[n + dk]);
  const d11 = data[n + dk + dj] + a * (data[n + dk + dj + di] - data[n + dk + dj]);
  const d0 = d00 + b * (d10 - d00);
  return d0 + c * (d01 + b * (d11 - d01) - d0);
}

/** A point this near outside, in voxels or mm, counts as on the grid: rounding of decimal strings. */
export const EDGE = 1e-3;

/** The slice whose cell holds a distance along k; the first or last cell outside. */
export function sliceBelow(sampler: DoseSampler, q: number): number {
  const { slicesMm, lookup, lookupStepMm } = sampler;
  if (!(q > 0)) return 0;
  let k = lookup[Math.min(Math.floor(q / lookupStepMm), lookup.length - 1)];
  while (k + 2 < slicesMm.length && slicesMm[k + 1] <= q) k++;
  return k;
}
