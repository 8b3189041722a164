import { boxOf } from '../image/box.ts';
import { signedDistance } from '../image/distance.ts';
import {
  type Box,
  type Grid,
  indexToPatient,
  type Mask,
  sliceOffsetMm,
  type Volume,
  voxelCount,
} from '../image/grid.ts';
import { reframeMask } from '../image/mask.ts';
import type { Vec3 } from '../math/vec3.ts';

/** Slices so far apart that none is nearest to a voxel of another. */
const APART_MM = 1e6;

/**
 * Signed distance to the surface of a mask in mm, negative inside, on a lattice that holds every voxel centre of `box`
 * and has slices about as close as its pixels. Zero lies half-way between the last centre inside and the first outside;
 * between slices the outline is interpolated by shape (Raya & Udupa 1990, doi:10.1109/42.52980). The distance from centre
 * to centre is averaged over a voxel's neighbours, which takes out the steps of the lattice, but no voxel changes sides.
 * @param box voxels of the mask's grid, may go beyond it; `mask` lies at least two voxels inside
 */
export function surfaceField(mask: Mask, box: Box): Volume<Float32Array> {
  const fine = refine(boxGrid(mask.grid, box), slicesPerGap(mask.grid));
  const inside = interpolateSlices(reframeMask(mask, box).data, boxGrid(mask.grid, box), fine);
  const { data } = signedDistance({ grid: fine, box: boxOf(fine), data: inside });
  const halfStepMm = Math.min(...fine.spacingMm) / 2;
  for (let v = 0; v < data.length; v++) data[v] -= data[v] > 0 ? halfStepMm : -halfStepMm;
  smooth(data, fine.size, inside);
  return { grid: fine, data };
}

/** The grid of a box, which may go beyond the whole grid; slices there continue with the nearest gap. */
export function boxGrid(grid: Grid, { start, size }: Box): Grid {
  const { sliceOffsetsMm, ...even } = grid;
  const cut: Grid = { ...even, size, originMm: indexToPatient(grid, start) };
  if (sliceOffsetsMm === undefined) return cut;
  const first = sliceOffsetMm(grid, start[2]);
  return {
    ...cut,
    sliceOffsetsMm: Float64Array.from({ length: size[2] }, (_, k) => sliceOffsetMm(grid, start[2] + k) - first),
  };
}

/** Odd, so that no added slice lies half-way between two. */
function slicesPerGap({ spacingMm }: Grid): number {
  const ratio = spacingMm[2] / Math.min(spacingMm[0], spacingMm[1]);
  return 2 * Math.max(0, Math.ceil((ratio - 1.5) / 2)) + 1;
}

function refine(grid: Grid, perGap: number): Grid {
  const [nx, ny, nz] = grid.size;
  const count = (nz - 1) * perGap + 1;
  const [sx, sy, sz] = grid.spacingMm;
  const fine: Grid = { ...grid, size: [nx, ny, count], spacingMm: [sx, sy, sz / perGap] };
  if (grid.sliceOffsetsMm === undefined) return fine;
  return { ...fine, sliceOffsetsMm: Float64Array.from({ length: count }, (_, k) => sliceOffsetMm(grid, k / perGap)) };
}

/** Inside where the distances to the outlines of the two slices around say so; beyond an end slice its outline goes on. */
function interpolateSlices(data: Uint8Array, coarse: Grid, fine: Grid): Uint8Array {
  const perGap = (fine.size[2] - 1) / Math.max(1, coarse.size[2] - 1);
  if (perGap === 1) return data;
  const area = coarse.size[0] * coarse.size[1];
  const { sliceOffsetsMm: _, ...even } = coarse;
  const apart: Grid = { ...even, spacingMm: [coarse.spacingMm[0], coarse.spacingMm[1], APART_MM] };
  const distance = signedDistance({ grid: apart, box: boxOf(coarse), data }, boxOf(coarse), APART_MM / 2).data;
  const isFilled = Array.from({ length: coarse.size[2] }, (_, k) =>
    data.subarray(k * area, (k + 1) * area).includes(1),
  );
  const inside = new Uint8Array(voxelCount(fine));
  for (let k = 0; k < fine.size[2]; k++) {
    const below = Math.floor(k / perGap);
    const above = Math.min(below + 1, coarse.size[2] - 1);
    const fraction = k / perGap - below;
    const nearest = fraction < 0.5 ? below : above;
    if (!isFilled[nearest]) continue;
    const [a, b] = isFilled[below] && isFilled[above] ? [below * area, above * area] : [nearest * area, nearest * area];
    for (let p = 0; p < area; p++) {
      const distanceMm = distance[a + p] + fraction * (distance[b + p] - distance[a + p]);
      inside[k * area + p] = distanceMm < 0 ? 1 : 0;
    }
  }
  return inside;
}

/** A voxel whose neighbours say otherwise stays this near to the surface, on its own side. */
const NEAREST_MM = 1e-3;

function smooth(data: Float32Array, size: Vec3, inside: Uint8Array): void {
  const strides = [1, size[0], size[0] * size[1]];
  for (let axis = 0; axis < 3; axis++) averageAlong(data, strides[axis], size[axis]);
  for (let v = 0; v < data.length; v++)
    data[v] = inside[v] === 1 ? Math.min(data[v], -NEAREST_MM) : Math.max(data[v], NEAREST_MM);
}

/** Mean of each voxel and its two neighbours on every line; the ends of lines stay as they are. */
function averageAlong(data: Float32Array, stride: number, length: number): void {
  const step = stride * length;
  for (let block = 0; block < data.length; block += step) {
    for (let start = block; start < block + stride; start++) {
      let before = data[start];
      for (let n = 1, v = start + stride; n < length - 1; n++, v += stride) {
        const here = data[v];
        data[v] = (before + here + data[v + stride]) / 3;
        before = here;
      }
    }
  }
}
