import { type Mask, patientToIndex } from '../image/grid.ts';
import { isInside } from '../image/mask.ts';
import type { Vec3 } from '../math/vec3.ts';
import { traceEdges } from '../structures/trace-edges.ts';
import { type PlaneRaster, partOf, pointOf, type RasterPart } from './plane-raster.ts';

/** Whether the voxel of a mask that holds a point is inside. */
export function maskAt(mask: Mask, pointMm: Vec3): boolean {
  const [i, j, k] = patientToIndex(mask.grid, pointMm);
  return isInside(mask, Math.round(i), Math.round(j), Math.round(k));
}

/**
 * Borders of a mask on a plane, along the edges of pixels: what was counted, not a smooth curve through it. Loops of
 * [x0, y0, x1, y1, ...] in pixels of the raster, whole numbers at centres.
 */
export function maskOutline(mask: Mask, raster: PlaneRaster): number[][] {
  const part = partOf(raster, mask.grid, mask.box);
  if (!part) return [];
  const layer = sampleMask(mask, raster, part);
  if (!layer) return [];
  const shift = [part.left - 0.5, part.top - 0.5];
  return traceEdges(layer, part.width, part.height).map((loop) => loop.map((value, n) => value + shift[n % 2]));
}

/** 1 for the pixels whose centre lies in a voxel of the mask; undefined when none does. */
function sampleMask(mask: Mask, raster: PlaneRaster, part: RasterPart): Uint8Array | undefined {
  const layer = new Uint8Array(part.width * part.height);
  const { grid, box, data } = mask;
  const [si, sj, sk] = box.start;
  const [ni, nj, nk] = box.size;
  let found = false;
  for (let y = 0, at = 0; y < part.height; y++) {
    const first = patientToIndex(grid, pointOf(raster, part.left, part.top + y));
    const next = patientToIndex(grid, pointOf(raster, part.left + 1, part.top + y));
    const [di, dj, dk] = [next[0] - first[0], next[1] - first[1], next[2] - first[2]];
    // Uneven slices make the index along k anything but linear.
    const isLinear = !grid.sliceOffsetsMm || Math.abs(dk) < 1e-12;
    for (let x = 0; x < part.width; x++, at++) {
      const i = Math.round(first[0] + x * di) - si;
      const j = Math.round(first[1] + x * dj) - sj;
      const slice = isLinear
        ? first[2] + x * dk
        : patientToIndex(grid, pointOf(raster, part.left + x, part.top + y))[2];
      const k = Math.round(slice) - sk;
      if (i < 0 || j < 0 || k < 0 || i >= ni || j >= nj || k >= nk) continue;
      if (data[i + ni * (j + nj * k)] !== 1) continue;
      layer[at] = 1;
      found = true;
    }
  }
  return found ? layer : undefined;
}
